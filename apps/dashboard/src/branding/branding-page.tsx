import { Button } from '@radix-ui/themes';
import { useState } from 'react';
import { useDraft } from '../core/drafts.ts';
import { languages } from '../core/languages.ts';
import { problemElsewhere, sentenceOf } from '../core/problems.ts';
import { FieldProblem } from '../parts/field.tsx';
import { useFocusOnProblem } from '../parts/focus-on-problem.ts';
import { Page } from '../parts/page.tsx';
import { Pill } from '../parts/pill.tsx';
import { SaveBar } from '../parts/save-bar.tsx';
import { Loaded } from '../parts/states.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { Colors } from './colors.tsx';
import { CopyLook } from './copy-look.tsx';
import { Css } from './css.tsx';
import { Images } from './images.tsx';
import { OwnTexts } from './own-texts.tsx';
import { Preview } from './preview.tsx';
import { PreviewChoice } from './preview-choice.tsx';
import { type Brand, type BrandingState, useBranding, useBrandingChanges } from './queries.ts';
import { Shape } from './shape.tsx';
import { Support } from './support.tsx';

const head = {
  title: 'Branding',
  sentence: 'How the sign-in pages and mails look. People see a draft once you publish it.',
};

export function BrandingPage() {
  const branding = useBranding();
  if (branding.data) return <Editor state={branding.data} />;
  return (
    <Page {...head}>
      <Loaded query={branding} lines={8}>
        {() => null}
      </Loaded>
    </Page>
  );
}

/** The draft of a look, and what makes it the look that people see. */
function Editor({ state }: { state: BrandingState }) {
  const [changes, setChanges] = useDraft<Partial<Brand>>('branding', {});
  const { save, publish, revert } = useBrandingChanges();
  const [failure, setFailure] = useState<unknown>(null);
  useFocusOnProblem(save.error);
  const draft: Brand = { ...state.draft, ...changes };
  const dirty = JSON.stringify(draft) !== JSON.stringify(state.draft);
  const change = (part: Partial<Brand>) => {
    setChanges({ ...changes, ...part });
    save.reset();
  };

  /** What the operator asked for, one after the other; the first refusal ends it and is shown. */
  async function attempt(steps: () => Promise<unknown>, done: string) {
    setFailure(null);
    try {
      await steps();
      setChanges({});
      toast(done);
    } catch (error) {
      setFailure(error);
    }
  }
  const saveDraft = () => save.mutateAsync(draft);

  return (
    <Page
      {...head}
      action={
        <>
          <Button
            variant="outline"
            color="gray"
            disabled={!state.can_revert || dirty}
            loading={revert.isPending}
            onClick={() => attempt(revert.mutateAsync, 'The look before the last publication is back')}
          >
            Revert
          </Button>
          <Button
            disabled={!state.has_changes && !dirty}
            loading={publish.isPending}
            onClick={() =>
              attempt(async () => {
                if (dirty) await saveDraft();
                await publish.mutateAsync();
              }, 'Published')
            }
          >
            Publish
          </Button>
        </>
      }
    >
      {failure && failure !== save.error ? <FieldProblem>{sentenceOf(failure)}</FieldProblem> : null}
      <div className="branding">
        <div>
          <Images draft={draft} onChange={change} />
          <Shape draft={draft} state={state} onChange={change} />
          <Colors draft={draft} state={state} onChange={change} error={save.error} />
          <Support draft={draft} onChange={change} error={save.error} />
          <OwnTexts draft={draft} keys={state.text_keys} onChange={change} error={save.error} />
          <Css draft={draft} onChange={change} error={save.error} />
          <CopyLook onCopied={change} />
        </div>
        <aside className="branding-aside" aria-label="Preview">
          <Standing state={state} dirty={dirty} />
          <Preview draft={draft} state={state} />
        </aside>
      </div>
      <SaveBar
        dirty={dirty}
        saving={save.isPending}
        verb="Save draft"
        problem={
          save.error
            ? (problemElsewhere(save.error, shownFields(state)) ?? 'Something on this page needs another look.')
            : undefined
        }
        onSave={() => attempt(saveDraft, 'Draft saved')}
        onDiscard={() => {
          setChanges({});
          save.reset();
        }}
      />
    </Page>
  );
}

/** Those whose problems stand beside them, as the API names them. */
const shownFields = ({ default_colors: colors }: BrandingState): readonly string[] => [
  'support_url',
  'css',
  ...Object.entries(colors).flatMap(([mode, names]) => Object.keys(names).map((name) => `${mode}.${name}`)),
  ...languages.map(([tag]) => `texts.${tag}`),
];

/** What people see at the moment, and the way to see the draft as they would. */
function Standing({ state, dirty }: { state: BrandingState; dirty: boolean }) {
  const { has_changes: hasChanges, published_at: at } = state;
  return (
    <div className="standing">
      <p role="status">
        {hasChanges ? (
          <Pill tone="warn">Draft not published</Pill>
        ) : (
          <Pill tone={at ? 'good' : 'plain'}>{at ? 'Published' : 'Our look'}</Pill>
        )}
        {at ? <Time at={at} /> : null}
      </p>
      <PreviewChoice url={state.preview_url} hasCss={state.draft.css !== ''} />
      {dirty ? <p className="field-hint">It shows the draft as it was saved last.</p> : null}
    </div>
  );
}
