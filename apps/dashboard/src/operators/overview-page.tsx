import { Button } from '@radix-ui/themes';
import { Link, useNavigate } from '@tanstack/react-router';
import { Check, ChevronRight } from 'lucide-react';
import { useDesk } from '../core/environment.tsx';
import { useEvents } from '../events/queries.ts';
import { EventList } from '../events/timeline.tsx';
import { CopyButton } from '../parts/copyable.tsx';
import { Page } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Checklist, useChecklist, useChecklistChanges, useOverview } from './queries.ts';
import { steps } from './steps.ts';

const latest = 12;

export function OverviewPage() {
  const checklist = useChecklist();
  const navigate = useNavigate();
  const finished = checklist.data ? isFinished(checklist.data) : false;
  const put = finished || checklist.data?.dismissed === true;
  return (
    <Page
      title="Overview"
      sentence={put ? 'The last 24 hours.' : 'Five steps, and people can sign in to your application.'}
      action={
        put ? (
          <Button variant="outline" color="gray" onClick={() => navigate({ to: '/set-up' })}>
            Set up AuthKit
          </Button>
        ) : null
      }
    >
      <Loaded query={checklist} lines={6}>
        {(data) => (put ? <Activity /> : <SetUpCard checklist={data} />)}
      </Loaded>
      <QuickAccess />
    </Page>
  );
}

export function isFinished({ steps: states }: Checklist): boolean {
  return states.every(({ done }) => done);
}

function SetUpCard({ checklist }: { checklist: Checklist }) {
  const navigate = useNavigate();
  const { dismiss } = useChecklistChanges();
  const done = checklist.steps.filter((step) => step.done).length;
  return (
    <section className="set-up-card" aria-labelledby="set-up">
      <div className="set-up-head">
        <div>
          <h2 id="set-up">{done === 0 ? 'Welcome. Begin here.' : 'Keep going'}</h2>
          <p>
            {done} of {steps.length} steps done
          </p>
        </div>
        <Button variant="ghost" color="gray" loading={dismiss.isPending} onClick={() => dismiss.mutate(true)}>
          Dismiss
        </Button>
        <Button onClick={() => navigate({ to: '/set-up' })}>Set up AuthKit</Button>
      </div>
      <progress className="set-up-progress" value={done} max={steps.length} aria-label="Steps done" />
      <ol>
        {steps.map(({ id, title, about }) => {
          const isDone = checklist.steps.find((step) => step.id === id)?.done ?? false;
          return (
            <li key={id}>
              <Link to="/set-up" search={{ step: id }} className="step-link" data-done={isDone || undefined}>
                <StepMark done={isDone} />
                <span>
                  <strong>{title}</strong>
                  <small>{about}</small>
                </span>
                <ChevronRight size={16} className="step-go" aria-hidden="true" />
              </Link>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

export function StepMark({ done }: { done: boolean }) {
  return (
    <span className="step-mark" data-done={done || undefined}>
      {done ? <Check size={13} strokeWidth={3} aria-hidden="true" /> : null}
      <span className="unseen">{done ? 'Done:' : 'To do:'}</span>
    </span>
  );
}

function Activity() {
  const overview = useOverview();
  const events = useEvents({ limit: latest });
  return (
    <>
      <Loaded query={overview} lines={2}>
        {({ sign_ins_24h, sign_ups_24h, failures_24h }) => (
          <dl className="figures">
            <Figure name="Sign-ins" value={sign_ins_24h} />
            <Figure name="Sign-ups" value={sign_ups_24h} />
            <Figure name="Failures" value={failures_24h} />
          </dl>
        )}
      </Loaded>
      <section className="section" aria-labelledby="latest">
        <div className="section-head">
          <h2 id="latest">Latest events</h2>
        </div>
        <Loaded query={events}>
          {({ data }) =>
            data.length > 0 ? (
              <EventList events={data} withSubject />
            ) : (
              <Empty sentence="Nothing has happened yet. Sign-ins, codes and changes appear here as they happen." />
            )
          }
        </Loaded>
      </section>
    </>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value.toLocaleString()}</dd>
    </div>
  );
}

function QuickAccess() {
  const { environment } = useDesk();
  return (
    <section className="section" aria-labelledby="quick-access">
      <div className="section-head">
        <h2 id="quick-access">Quick access</h2>
        <Link to="/api-keys" className="text-link">
          API keys
        </Link>
      </div>
      <div className="key-value">
        <span className="inline">
          <span className="soft">Client ID</span>
          <bdi className="mono" dir="ltr">
            {environment.client_id}
          </bdi>
        </span>
        <CopyButton value={environment.client_id} label="Copy client ID" text="Copy" />
      </div>
    </section>
  );
}
