import { PageError } from '../texts/index.ts';

export class SetupClosed extends PageError {
  static override readonly code = 'setup_closed';
  static override readonly status = 403;
}

export class DashboardSignInFailed extends PageError {
  static override readonly code = 'dashboard_sign_in_failed';
  static override readonly status = 400;
}

export class NotAnOperator extends PageError {
  static override readonly code = 'not_an_operator';
  static override readonly status = 403;
}
