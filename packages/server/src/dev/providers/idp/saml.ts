import {
  after,
  attributes,
  html,
  InvalidRequestParameters,
  minutes,
  type Reply,
  type RequestInfo,
  reply,
  type Services,
} from '../../../core/index.ts';
import { acsUrl, type ConnectionRow, samlNamespaces as ns, simulatedSaml, spEntityId } from '../../../sso/index.ts';
import { formPostPage, personaPage } from '../../pages/index.ts';
import type { Account } from '../persona.ts';
import { employees, samlFaultOf } from './cast.ts';
import { label } from './oidc.ts';
import { publishedKeys } from './published-keys.ts';
import { encrypted } from './saml-encryption.ts';
import type { SamlKey } from './saml-key.ts';
import { assertSigned, readSamlRequest } from './saml-request.ts';
import { type ResponseParts, refusalFor, responseFor, signed } from './saml-response.ts';

/** An organization's SAML identity provider, as one connection sees it. */
export interface SimulatedSaml {
  readonly services: Services;
  readonly connection: ConnectionRow;
  /** Takes signed requests only, and encrypts its assertions. */
  readonly isStrict: boolean;
  readonly domain: string | null;
}

type Sent = Readonly<Record<string, unknown>>;

/** Browsers hold `form-action` against every hop after a form, and the last one is the app. */
const formTargets = ['http:', 'https:'];
const lifetimeMs = minutes(5);

/** SAML Metadata section 2.4.3. */
export function samlMetadata({ services, connection, isStrict }: SimulatedSaml, { certificate }: SamlKey): Reply {
  const { entityId, signOnUrl } = simulatedSaml(services, connection, isStrict);
  const base64 = certificate.replace(/-----[A-Z ]+-----|\s/g, '');
  const service = attributes({ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: signOnUrl });
  const xml = html`<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor xmlns="${ns.metadata}" entityID="${entityId}"><IDPSSODescriptor WantAuthnRequestsSigned="${String(isStrict)}" protocolSupportEnumeration="${ns.protocol}"><KeyDescriptor use="signing"><KeyInfo xmlns="${ns.signature}"><X509Data><X509Certificate>${base64}</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService${service}/></IDPSSODescriptor></EntityDescriptor>
`;
  return reply.text(xml.markup, 'application/samlmetadata+xml; charset=utf-8');
}

/** What is to be answered. */
interface Wanted {
  /** Null: nobody asked, somebody clicked on the app's tile. */
  readonly inResponseTo: string | null;
  readonly relayState: string | null;
  readonly hint: string | null;
}

/** @throws {InvalidRequestParameters} when the request is not of this connection, or not for this provider */
async function read(at: SimulatedSaml, query: Sent, url: string): Promise<Wanted> {
  const { services, connection, isStrict } = at;
  const text = (name: string): string | null => (typeof query[name] === 'string' ? query[name] : null);
  const request = readSamlRequest(query.SAMLRequest);
  const { signOnUrl } = simulatedSaml(services, connection, isStrict);
  const isOurs =
    request.issuer === spEntityId(services, connection) &&
    request.acsUrl === acsUrl(services, connection) &&
    request.destination === signOnUrl;
  if (!isOurs) {
    const message = 'The request is of somebody, or for somewhere, that is not known here.';
    throw new InvalidRequestParameters([{ code: 'saml_request_unknown', message, field: 'SAMLRequest' }]);
  }
  if (isStrict) assertSigned(url, (await publishedKeys(services, connection)).signing);
  return { inResponseTo: request.id, relayState: text('RelayState'), hint: text('login_hint') };
}

const unasked: Wanted = { inResponseTo: null, relayState: null, hint: null };

/** @param query - null at the address where sign-ins begin at the provider */
const wantedBy = async (at: SimulatedSaml, query: Sent | null, { url }: RequestInfo): Promise<Wanted> =>
  query === null ? unasked : read(at, query, url);

export async function showEmployees(at: SimulatedSaml, query: Sent | null, request: RequestInfo): Promise<Reply> {
  const { hint } = await wantedBy(at, query, request);
  return page(at, request, hint ?? employees('saml', at.domain).usualEmail);
}

export async function chooseEmployee(
  at: SimulatedSaml,
  key: SamlKey,
  query: Sent | null,
  { persona, email }: { readonly persona: unknown; readonly email: unknown },
  request: RequestInfo,
): Promise<Reply> {
  const wanted = await wantedBy(at, query, request);
  const cast = employees('saml', at.domain);
  const choice = [cast.first, ...cast.others].find((one) => one.choice === persona)?.choice;
  const typed = typeof email === 'string' ? email : '';
  if (choice === undefined) return page(at, request, typed, 'Choose who comes back.');
  if (choice === 'refuse') return answer(at, wanted, decline(at, wanted, ['Responder', 'RequestDenied']));
  if (choice === 'error') return answer(at, wanted, decline(at, wanted, ['Responder']));
  const account = cast.accountOf(choice, typed);
  if (!account) return page(at, request, typed, 'This is not an e-mail address.');
  const xml = vouch(at, key, wanted, account, choice);
  if (!at.isStrict) return answer(at, wanted, xml);
  return answer(at, wanted, await encrypted(xml, (await publishedKeys(at.services, at.connection)).encryption));
}

function page({ domain }: SimulatedSaml, request: RequestInfo, email: string, problem?: string): Reply {
  const cast = employees('saml', domain);
  return reply.page(
    (nonce) => personaPage({ nonce, label, action: request.url, scopes: [], email, problem, ...cast }),
    { status: problem === undefined ? 200 : 422, formTargets },
  );
}

const partsOf = ({ services, connection, isStrict }: SimulatedSaml, { inResponseTo }: Wanted) => ({
  issuer: simulatedSaml(services, connection, isStrict).entityId,
  acsUrl: acsUrl(services, connection),
  audience: spEntityId(services, connection),
  inResponseTo,
  // Our clock: where a test has moved it, assertions move along.
  at: services.now(),
});

const decline = (at: SimulatedSaml, wanted: Wanted, status: readonly string[]): string =>
  refusalFor(
    partsOf(at, wanted),
    status.map((name) => `urn:oasis:names:tc:SAML:2.0:status:${name}`),
  );

function vouch(at: SimulatedSaml, key: SamlKey, wanted: Wanted, account: Account, choice: string): string {
  const fault = samlFaultOf(choice);
  const parts = partsOf(at, wanted);
  const issuedAt = fault === 'expired' ? after(parts.at, -minutes(65)) : parts.at;
  const whole: ResponseParts = {
    ...parts,
    account,
    at: issuedAt,
    notOnOrAfter: after(issuedAt, lifetimeMs),
    ...(fault === 'wrong_audience' ? { audience: 'https://somebody-else.example' } : {}),
  };
  return fault === 'unsigned' ? responseFor(whole) : signed(responseFor(whole), key);
}

/** Back by a form that posts itself (SAML Bindings section 3.5.4). */
function answer({ services, connection }: SimulatedSaml, { relayState }: Wanted, xml: string): Reply {
  const values = {
    SAMLResponse: Buffer.from(xml).toString('base64'),
    ...(relayState === null ? {} : { RelayState: relayState }),
  };
  const action = acsUrl(services, connection);
  return reply.page((nonce) => formPostPage({ nonce, action, values }), { formTargets });
}
