import { Button } from '@radix-ui/themes';
import { type FormEvent, useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { toast } from '../parts/toast.tsx';
import { type Connection, useConnectionChanges } from './queries.ts';

/** `at` tells lines apart that say the same. */
interface Line {
  readonly at: number;
  readonly group: string;
  readonly role: string;
}

const linesOf = ({ group_roles: roles }: Connection): Line[] =>
  roles.map(({ group, role_slug: role }, at) => ({ at, group, role }));

const plain = { dir: 'ltr', autoComplete: 'off', autoCapitalize: 'none', spellCheck: false, required: true } as const;

/** Which roles the provider's groups give in the organization, the one that counts first first. */
export function GroupRoles({ connection }: { connection: Connection }) {
  const [lines, setLines] = useState(() => linesOf(connection));
  const { update } = useConnectionChanges(connection.id);

  const change = (line: Line) => setLines(lines.map((each) => (each.at === line.at ? line : each)));
  const add = () => setLines([...lines, { at: Math.max(-1, ...lines.map(({ at }) => at)) + 1, group: '', role: '' }]);
  const raise = (index: number) => {
    const moved = [...lines];
    moved.splice(index - 1, 0, ...moved.splice(index, 1));
    setLines(moved);
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    update.mutate(
      { group_roles: lines.map(({ group, role }) => ({ group, role_slug: role })) },
      { onSuccess: () => toast('Roles from groups saved') },
    );
  }

  return (
    <Section
      id="group-roles"
      title="Roles from groups"
      about="With a group here, members have the roles of their groups from each sign-on on, in place of any that somebody gave them; whoever is in none of these groups has the role member. Without one, roles are given by hand."
    >
      <form className="sso-form" onSubmit={submit}>
        {lines.length > 0 ? (
          <ul className="sso-groups" aria-label="Roles from groups">
            {lines.map((line, index) => (
              <GroupLine
                key={line.at}
                line={line}
                onChange={change}
                onRaise={index === 0 ? undefined : () => raise(index)}
                onRemove={() => setLines(lines.filter(({ at }) => at !== line.at))}
              />
            ))}
          </ul>
        ) : null}
        {lines.length > 1 ? (
          <p className="soft">Of several roles, the one that stands first here counts first.</p>
        ) : null}
        {update.error ? <FieldProblem>{sentenceOf(update.error)}</FieldProblem> : null}
        <div className="inline">
          <Button type="button" variant="outline" color="gray" onClick={add}>
            Add group
          </Button>
          {lines.length > 0 || connection.group_roles.length > 0 ? (
            <Button type="submit" variant="outline" color="gray" loading={update.isPending}>
              Save roles
            </Button>
          ) : null}
        </div>
      </form>
    </Section>
  );
}

interface GroupLineProps {
  readonly line: Line;
  readonly onChange: (line: Line) => void;
  /** Not at the first one. */
  readonly onRaise: (() => void) | undefined;
  readonly onRemove: () => void;
}

function GroupLine({ line, onChange, onRaise, onRemove }: GroupLineProps) {
  const name = line.group || 'the new group';
  return (
    <li>
      <TextInput
        {...plain}
        label="Group"
        placeholder="Engineering"
        maxLength={256}
        value={line.group}
        onChange={(event) => onChange({ ...line, group: event.target.value })}
      />
      <TextInput
        {...plain}
        label="Role"
        placeholder="engineer"
        maxLength={64}
        value={line.role}
        onChange={(event) => onChange({ ...line, role: event.target.value })}
      />
      <div className="inline">
        {onRaise ? (
          <button type="button" className="quiet-button" onClick={onRaise}>
            Move up <span className="unseen">{name}</span>
          </button>
        ) : null}
        <button type="button" className="quiet-button danger-text" onClick={onRemove}>
          Remove <span className="unseen">{name}</span>
        </button>
      </div>
    </li>
  );
}
