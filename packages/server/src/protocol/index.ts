/** The words of the specs and of the published contract, and no behaviour. */

/** Grant types of `POST /user_management/authenticate`. */
export const grantTypes = {
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  password: 'password',
  magicAuthCode: 'urn:workos:oauth:grant-type:magic-auth:code',
  emailVerificationCode: 'urn:workos:oauth:grant-type:email-verification:code',
  mfaTotp: 'urn:workos:oauth:grant-type:mfa-totp',
  organizationSelection: 'urn:workos:oauth:grant-type:organization-selection',
  radarEmailChallengeCode: 'urn:workos:oauth:grant-type:radar-email-challenge:code',
  radarSmsChallengeCode: 'urn:workos:oauth:grant-type:radar-sms-challenge:code',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
} as const;

/** The social providers of the published contract, as `provider` and `authentication_method` spell them. */
export const socialProviders = [
  'AppleOAuth',
  'BitbucketOAuth',
  'DiscordOAuth',
  'GitHubOAuth',
  'GitLabOAuth',
  'GoogleOAuth',
  'GrokOAuth',
  'IntuitOAuth',
  'LinkedInOAuth',
  'MicrosoftOAuth',
  'SalesforceOAuth',
  'SlackOAuth',
  'VercelMarketplaceOAuth',
  'VercelOAuth',
  'XOAuth',
  'XeroOAuth',
] as const;
export type SocialProvider = (typeof socialProviders)[number];

/**
 * The identity providers of the published contract that an organization can have of its own. Which protocol one speaks
 * stands in its name.
 */
export const connectionTypes = [
  'ADFSSAML',
  'AdpOidc',
  'Auth0SAML',
  'AzureSAML',
  'CasSAML',
  'ClassLinkSAML',
  'CleverOIDC',
  'CloudflareSAML',
  'CyberArkSAML',
  'DuoSAML',
  'EntraIdOIDC',
  'GenericOIDC',
  'GenericSAML',
  'GoogleOIDC',
  'GoogleSAML',
  'JumpCloudSAML',
  'KeycloakSAML',
  'LastPassSAML',
  'LoginGovOidc',
  'MiniOrangeSAML',
  'NetIqSAML',
  'OktaOIDC',
  'OktaSAML',
  'OneLoginSAML',
  'OracleSAML',
  'PingFederateSAML',
  'PingOneSAML',
  'RipplingSAML',
  'SalesforceSAML',
  'ShibbolethGenericSAML',
  'ShibbolethSAML',
  'SimpleSamlPhpSAML',
  'VMwareSAML',
] as const;
export type ConnectionType = (typeof connectionTypes)[number];

/** How somebody signed in, as `authentication_method` spells it. */
export const authenticationMethods = [
  'Password',
  'MagicAuth',
  'Passkey',
  'SSO',
  'Impersonation',
  ...socialProviders,
] as const;
export type AuthenticationMethod = (typeof authenticationMethods)[number];

/** The same, as a session's `auth_method` spells it. */
export const sessionAuthMethod = (method: AuthenticationMethod) => {
  switch (method) {
    case 'Password':
      return 'password';
    case 'MagicAuth':
      return 'magic_code';
    case 'Passkey':
      return 'passkey';
    case 'SSO':
      return 'sso';
    case 'Impersonation':
      return 'impersonation';
    default:
      return 'oauth';
  }
};

/** Events this server records. */
export const eventNames = [
  'authentication.email_verification_failed',
  'authentication.email_verification_succeeded',
  'authentication.magic_auth_failed',
  'authentication.magic_auth_succeeded',
  'authentication.passkey_failed',
  'authentication.passkey_succeeded',
  'authentication.mfa_failed',
  'authentication.mfa_succeeded',
  'authentication.oauth_failed',
  'authentication.oauth_succeeded',
  'authentication.password_failed',
  'authentication.password_succeeded',
  'authentication.reauthentication_succeeded',
  'authentication.sso_failed',
  'authentication.sso_started',
  'authentication.sso_succeeded',
  'connection.activated',
  'connection.deactivated',
  'connection.deleted',
  'connection.saml_certificate_renewal_required',
  'connection.saml_certificate_renewed',
  'email_verification.created',
  'invitation.accepted',
  'invitation.created',
  'invitation.resent',
  'invitation.revoked',
  'organization.created',
  'organization.deleted',
  'organization.updated',
  'organization_domain.created',
  'organization_domain.deleted',
  'organization_domain.updated',
  'organization_domain.verification_failed',
  'organization_domain.verified',
  'organization_membership.created',
  'organization_membership.deleted',
  'organization_membership.updated',
  'magic_auth.created',
  'password_reset.created',
  'password_reset.succeeded',
  'session.created',
  'session.revoked',
  'user.created',
  'user.deleted',
  'user.updated',
  'waitlist_user.approved',
  'waitlist_user.created',
  'waitlist_user.denied',
] as const;

/** Ours, not of the published contract: what an operator needs to see, and the trail of changes. */
export const platformEventNames = [
  'authorization_code.replayed',
  'device_authorization.approved',
  'device_authorization.denied',
  'impersonation.ended',
  'impersonation.requested',
  'impersonation.started',
  'refresh_token.reused',
  'sign_in.completed',
  'signing_key.rotated',
  'api_key.created',
  'api_key.refused',
  'api_key.revoked',
  'environment.updated',
  'user.claimed',
  'user.credentials_changed',
  'user.device_added',
  'user.locked',
  'user.unlocked',
  'identity.deleted',
  'passkey.created',
  'passkey.updated',
  'passkey.deleted',
  'passkey.counter_went_back',
  'authentication_factor.enrolled',
  'authentication_factor.removed',
  'authentication_factors.reset',
  'recovery_codes.created',
  'recovery_code.redeemed',
  'organization.policy_updated',
  'connection.created',
  'connection.updated',
  'suppressed_address.created',
  'suppressed_address.deleted',
  'custom_domain.created',
  'custom_domain.verified',
  'custom_domain.activated',
  'custom_domain.deactivated',
  'custom_domain.deleted',
] as const;

export type EventName = (typeof eventNames)[number] | (typeof platformEventNames)[number];
