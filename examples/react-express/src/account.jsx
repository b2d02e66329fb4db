import { Form, SignOut } from './form.jsx';
import { useServer } from './server.js';

export function Account({ me }) {
  const { user, sessionId, organizationId } = me;
  const facts = {
    Name: [user.firstName, user.lastName].filter(Boolean).join(' '),
    Email: user.email,
    User: user.id,
    Session: sessionId,
    Organization: organizationId,
  };
  return (
    <>
      <h1>Account</h1>
      <p>Only signed-in people see this page.</p>
      <dl>
        {Object.entries(facts).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value || 'None'}</dd>
          </div>
        ))}
      </dl>
      <OrganizationSwitcher current={organizationId} />
      <nav>
        <a href="/">Back to the start</a>
        <SignOut />
      </nav>
    </>
  );
}

function OrganizationSwitcher({ current }) {
  const organizations = useServer('/api/organizations');
  if (!organizations || organizations.length < 2) return null;
  return (
    <Form action="/organization" button="Switch organization">
      <label htmlFor="organization">Organization</label>
      <select id="organization" name="organization_id" defaultValue={current}>
        {organizations.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </Form>
  );
}
