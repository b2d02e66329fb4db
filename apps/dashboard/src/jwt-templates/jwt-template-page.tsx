import { Button } from '@radix-ui/themes';
import { useState } from 'react';
import { useDraft } from '../core/drafts.ts';
import { problemElsewhere, problemsWith } from '../core/problems.ts';
import { useDebounced } from '../core/use-debounced.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { TextArea } from '../parts/field.tsx';
import { Page } from '../parts/page.tsx';
import { SaveBar } from '../parts/save-bar.tsx';
import { Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { type Holder, type JwtTemplate, useJwtTemplate, useJwtTemplateChanges, usePreview } from './queries.ts';

const restMs = 300;

const example = `{
  "email": {{ user.email }},
  "name": "{{ user.name || user.email }}",
  "plan": {{ organization.metadata.plan || 'free' }}
}`;

export function JwtTemplatePage() {
  const template = useJwtTemplate();
  return (
    <Page
      title="JWT template"
      sentence="Claims of your own in every access token, filled in at each sign-in and refresh."
    >
      <Loaded query={template} lines={8}>
        {(saved) => <Editor saved={saved} />}
      </Loaded>
    </Page>
  );
}

function Editor({ saved }: { saved: JwtTemplate | null }) {
  const before = saved?.content ?? '';
  const [content, setContent] = useDraft('jwt template', before);
  const [holder, setHolder] = useState<Holder>({ userId: '', organizationId: '' });
  const { save, remove } = useJwtTemplateChanges();
  const preview = usePreview(useDebounced(content, restMs), holder);
  const isEmpty = content.trim() === '';
  const faults = isEmpty ? [] : faultsOf(save.error, preview.data?.errors ?? []);

  function change(next: string) {
    setContent(next);
    save.reset();
  }

  return (
    <>
      <div className="jwt-template">
        <div className="jwt-template-editor">
          <TextArea
            label="Template"
            hint={
              <>
                A JSON object. A value may be <code dir="ltr">{"{{ user.name || user.email || 'none' }}"}</code>: the
                first that is there. Paths begin with <code>user</code>, <code>organization</code> or{' '}
                <code>organization_membership</code>.
              </>
            }
            problem={faults.length > 0 ? <FaultLines faults={faults} /> : undefined}
            dir="ltr"
            rows={14}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="none"
            value={content}
            onChange={(event) => change(event.target.value)}
          />
          {isEmpty ? (
            <Button variant="outline" color="gray" onClick={() => change(example)}>
              Begin with an example
            </Button>
          ) : null}
          <ApiCall method="PUT" path="/user_management/jwt_template" body={{ content: content || example }} />
        </div>
        <PreviewPane holder={holder} onHolder={setHolder} preview={isEmpty ? undefined : preview} />
      </div>
      {saved ? (
        <RemoveTemplate
          onRemove={async () => {
            await remove.mutateAsync();
            change('');
            toast('JWT template removed');
          }}
        />
      ) : null}
      <SaveBar
        dirty={content !== before}
        saving={save.isPending}
        problem={
          save.error ? (problemElsewhere(save.error, ['content']) ?? 'The template needs another look.') : undefined
        }
        verb="Save template"
        onSave={() => save.mutate(content, { onSuccess: () => toast('JWT template saved') })}
        onDiscard={() => change(before)}
      />
    </>
  );
}

interface Fault {
  readonly message: string;
}

/** Of the last attempt to save, which may have been without a preview; else of what stands there now. */
function faultsOf(error: unknown, shown: readonly Fault[]): readonly string[] {
  const refused = problemsWith(error, 'content');
  return refused.length > 0 ? refused : shown.map(({ message }) => message);
}

const FaultLines = ({ faults }: { faults: readonly string[] }) =>
  faults.map((fault) => (
    <span key={fault} className="fault-line">
      {fault}
    </span>
  ));

function RemoveTemplate({ onRemove }: { onRemove: () => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  return (
    <section className="danger-zone" aria-labelledby="remove-template">
      <div>
        <h2 id="remove-template">Remove the template</h2>
        <p>Tokens then have the platform's own claims only, and apps that read others find nothing.</p>
      </div>
      <Button variant="outline" color="red" onClick={() => setAsking(true)}>
        Remove template
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Remove the JWT template?"
        verb="Remove template"
        onConfirm={onRemove}
      >
        Its claims are gone from every token from the next sign-in or refresh on.
      </Confirm>
    </section>
  );
}
