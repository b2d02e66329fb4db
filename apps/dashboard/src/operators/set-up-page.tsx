import { Button } from '@radix-ui/themes';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { Page } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { isFinished, StepMark } from './overview-page.tsx';
import { type Checklist, type StepId, useChecklist, useChecklistChanges } from './queries.ts';
import { SetUpCode } from './set-up-code.tsx';
import { KeysStep, RedirectUriStep, SignInEndpointStep, SignOutRedirectStep, TestSignInStep } from './set-up-steps.tsx';
import { steps } from './steps.ts';

const route = getRouteApi('/set-up');

/** Walks through what an application needs, each step with its own form, beside the code that uses it. */
export function SetUpPage() {
  const checklist = useChecklist();
  // Only here and only until the page is left: nobody can be shown it a second time.
  const [apiKey, setApiKey] = useState<string | null>(null);
  return (
    <Page title="Set up AuthKit" sentence="Five steps. They can be left and taken up again at any time.">
      <Loaded query={checklist} lines={8}>
        {(data) => (
          <div className="set-up">
            <div>
              {isFinished(data) ? <Finished /> : null}
              <Steps checklist={data} onKey={setApiKey} />
            </div>
            <SetUpCode apiKey={apiKey} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Finished() {
  return (
    <div className="set-up-finished" role="status">
      <strong>AuthKit is set up.</strong>
      <span>People can sign in to your application.</span>
      <Link to="/" className="text-link">
        Go to Overview
      </Link>
    </div>
  );
}

/** Whether the server sees for itself that a step is done; nobody's word would change that. */
function isSeen(step: StepId): boolean {
  return step === 'redirect_uri' || step === 'sign_in_endpoint' || step === 'sign_out_redirect';
}

function Steps({ checklist, onKey }: { checklist: Checklist; onKey: (value: string) => void }) {
  const { step: wanted } = route.useSearch();
  const navigate = useNavigate();
  const { confirm } = useChecklistChanges();
  const isDone = (id: StepId) => checklist.steps.find((step) => step.id === id)?.done ?? false;
  const current = wanted ?? steps.find(({ id }) => !isDone(id))?.id;
  const open = (step: StepId | undefined) => navigate({ to: '/set-up', search: { step }, replace: true });

  async function complete(step: StepId) {
    try {
      if (!isSeen(step)) await confirm.mutateAsync({ step, confirmed: true });
    } catch (error) {
      toast(sentenceOf(error));
      return;
    }
    const after = steps.slice(steps.findIndex(({ id }) => id === step) + 1);
    void open((after.find(({ id }) => !isDone(id)) ?? after[0])?.id);
  }

  const bodies: Record<StepId, ReactNode> = {
    redirect_uri: <RedirectUriStep />,
    sign_in_endpoint: <SignInEndpointStep />,
    sign_out_redirect: <SignOutRedirectStep />,
    api_keys: <KeysStep onKey={onKey} />,
    test_sign_in: <TestSignInStep />,
  };

  return (
    <ol className="steps">
      {steps.map(({ id, title, about }) => {
        const isOpen = id === current;
        return (
          <li key={id} data-open={isOpen || undefined}>
            <h2>
              <button type="button" aria-expanded={isOpen} aria-controls={`step-${id}`} onClick={() => open(id)}>
                <StepMark done={isDone(id)} />
                {title}
              </button>
            </h2>
            <div id={`step-${id}`} className="step-body" hidden={!isOpen}>
              {isOpen ? (
                <>
                  <p className="soft">{about}</p>
                  {bodies[id]}
                  <div className="step-actions">
                    <Button
                      variant={isDone(id) ? 'solid' : 'outline'}
                      color={isDone(id) ? undefined : 'gray'}
                      loading={confirm.isPending}
                      onClick={() => complete(id)}
                    >
                      {isDone(id) ? 'Continue' : isSeen(id) ? 'Skip for now' : 'Mark as done'}
                    </Button>
                  </div>
                </>
              ) : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
