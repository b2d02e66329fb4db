import { Button, Select } from '@radix-ui/themes';
import { useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { sentenceOf } from '../core/problems.ts';
import { FieldProblem, SettingRow } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { toast } from '../parts/toast.tsx';
import { type Brand, useCopyOfLook } from './queries.ts';

/** From staging to production and back: nothing is kept until the draft is saved, and people see nothing of it before that is published. */
export function CopyLook({ onCopied }: { onCopied: (look: Brand) => void }) {
  const { me, environment } = useDesk();
  const others = me.environments.filter(({ id }) => id !== environment.id);
  const [chosen, setChosen] = useState('');
  const copy = useCopyOfLook();
  const from = others.find(({ id }) => id === chosen) ?? others[0];
  if (!from) return null;
  return (
    <Section
      id="copy"
      title="Copy a look"
      about="The draft of another environment, with its pictures, in the place of this one."
    >
      <SettingRow
        id="copy-from"
        label="From"
        about={
          copy.error ? <FieldProblem>{sentenceOf(copy.error)}</FieldProblem> : 'It is kept once you save the draft.'
        }
      >
        <div className="copy-look">
          <Select.Root value={from.id} onValueChange={setChosen}>
            <Select.Trigger id="copy-from" data-first aria-describedby="copy-from-about" className="checker-list" />
            <Select.Content position="popper" align="end">
              {others.map(({ id, name }) => (
                <Select.Item key={id} value={id}>
                  {name}
                </Select.Item>
              ))}
            </Select.Content>
          </Select.Root>
          <Button
            variant="outline"
            color="gray"
            loading={copy.isPending}
            onClick={() =>
              copy.mutate(from.id, {
                onSuccess: (look) => {
                  onCopied(look);
                  toast(`The look of ${from.name} is here; save the draft to keep it`);
                },
              })
            }
          >
            Copy look
          </Button>
        </div>
      </SettingRow>
    </Section>
  );
}
