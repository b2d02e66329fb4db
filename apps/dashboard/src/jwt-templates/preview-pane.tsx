import { Select } from '@radix-ui/themes';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useId } from 'react';
import { useMemberships } from '../organizations/membership-queries.ts';
import { JsonView } from '../parts/json-view.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { useUsers } from '../users/queries.ts';
import type { Holder, Preview } from './queries.ts';

interface PreviewPaneProps {
  readonly holder: Holder;
  readonly onHolder: (holder: Holder) => void;
  /** Undefined while there is no template. */
  readonly preview: UseQueryResult<Preview> | undefined;
}

/** What the template makes of one user, before anybody's token has it. */
export function PreviewPane({ holder, onHolder, preview }: PreviewPaneProps) {
  const users = useUsers({});
  const newest = users.data?.data[0]?.id;
  const { userId } = holder;
  useEffect(() => {
    if (userId === '' && newest) onHolder({ userId: newest, organizationId: '' });
  }, [userId, newest, onHolder]);
  return (
    <aside className="jwt-template-preview" aria-labelledby="jwt-preview">
      <h2 id="jwt-preview">Preview</h2>
      <Loaded query={users} lines={3}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty sentence="A preview needs somebody to try the template on. Create a user, and it appears here." />
          ) : (
            <>
              <Choice
                label="User"
                value={userId}
                options={data.map(({ id, email }) => [id, email])}
                onChange={(id) => onHolder({ userId: id, organizationId: '' })}
              />
              {userId === '' ? null : <OrganizationChoice key={userId} holder={holder} onHolder={onHolder} />}
              <div role="status" aria-busy={preview?.isFetching}>
                {preview ? <Claims query={preview} /> : <p className="soft">Nothing is added to the token yet.</p>}
              </div>
            </>
          )
        }
      </Loaded>
    </aside>
  );
}

/** The organization that the token is for; none for those who are in none. */
function OrganizationChoice({ holder, onHolder }: Pick<PreviewPaneProps, 'holder' | 'onHolder'>) {
  const memberships = useMemberships({ user_id: holder.userId }, {});
  const options = (memberships.data?.data ?? []).map(
    ({ organization_id: id, organization_name: name = id }): Option => [id, name],
  );
  if (options.length === 0) return null;
  return (
    <Choice
      label="Organization"
      value={holder.organizationId || none}
      options={[[none, 'None'], ...options]}
      onChange={(id) => onHolder({ ...holder, organizationId: id === none ? '' : id })}
    />
  );
}

/** The list of choices takes no empty value. */
const none = 'none';

type Option = readonly [value: string, text: string];

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <span id={id} className="field-label">
        {label}
      </span>
      <Select.Root value={value} onValueChange={onChange}>
        <Select.Trigger aria-labelledby={id} className="wide-select" />
        <Select.Content position="popper">
          {options.map(([option, text]) => (
            <Select.Item key={option} value={option}>
              {text}
            </Select.Item>
          ))}
        </Select.Content>
      </Select.Root>
    </div>
  );
}

function Claims({ query }: { query: UseQueryResult<Preview> }) {
  return (
    <Loaded query={query}>
      {({ claims, bytes, max_bytes: most }) =>
        claims === null ? (
          <p className="soft">The claims appear here once the template is one.</p>
        ) : (
          <>
            <JsonView title="Claims it adds" value={claims} />
            <p className="field-hint tabular">
              {bytes.toLocaleString('en')} of {most.toLocaleString('en')} bytes
            </p>
          </>
        )
      }
    </Loaded>
  );
}
