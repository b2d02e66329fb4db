import { z } from 'zod';
import { OrganizationMembershipNotFound } from '../../organizations/index.ts';
import { grantTypes } from '../../protocol/index.ts';
import { continuePending, proceed } from '../pending.ts';
import { common, endUserOf, grant } from './grant.ts';

const body = z.object({
  grant_type: z.literal(grantTypes.organizationSelection),
  ...common,
  pending_authentication_token: z.string(),
  organization_id: z.string(),
});

/** Answers `organization_selection_required`: the person has chosen one of the organizations they are a member of. */
export const organizationSelection = grant({
  body,
  client: 'secret',
  async authorize(services, caller, wanted, request) {
    const attempt = await continuePending(services, caller, wanted.pending_authentication_token, {
      steps: ['choose_organization'],
      prove: async (_tx, pending, account) => {
        const isMember = account.memberships.some(({ organizationId }) => organizationId === wanted.organization_id);
        if (!isMember) throw new OrganizationMembershipNotFound(wanted.organization_id);
        return { organizationId: wanted.organization_id, answers: pending.answers };
      },
    });
    return proceed(services, caller, attempt, endUserOf(wanted, caller, request));
  },
});
