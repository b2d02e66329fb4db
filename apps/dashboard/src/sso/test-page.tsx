import { Button } from '@radix-ui/themes';
import type { UseQueryResult } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { sentenceOf } from '../core/problems.ts';
import { JsonView } from '../parts/json-view.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Pill } from '../parts/pill.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { useConnectionChanges, useTestResult } from './queries.ts';

const route = getRouteApi('/connections/$connectionId/test');
type Result = ReturnType<typeof useTestResult> extends UseQueryResult<infer Data> ? Data : never;

/** Where a browser comes back to from a sign-on that was only tried out. */
export function TestPage() {
  const { connectionId } = route.useParams();
  const { ticket } = route.useSearch();
  const result = useTestResult(connectionId, ticket);
  const { test } = useConnectionChanges(connectionId);
  const again = (
    <Button
      loading={test.isPending}
      onClick={() =>
        test.mutate(undefined, {
          onSuccess: ({ url }) => window.location.assign(url),
          onError: (error) => toast(sentenceOf(error)),
        })
      }
    >
      Test again
    </Button>
  );
  return (
    <>
      <Link to="/connections/$connectionId" params={{ connectionId }} className="back-link">
        <ChevronLeft size={15} aria-hidden="true" /> Back to the connection
      </Link>
      <Page
        title="Test sign-on"
        sentence="What the provider said, checked as at a sign-in. Nobody was signed in."
        action={again}
      >
        {ticket === undefined || result.isError ? (
          <Empty sentence="There is nothing to show: a result can be read once, for two minutes. Test again." />
        ) : (
          <Loaded query={result} lines={6}>
            {(found) => <Outcome result={found} />}
          </Loaded>
        )}
      </Page>
    </>
  );
}

function Outcome({ result: { outcome, reason, profile } }: { result: Result }) {
  if (profile === null) {
    return (
      <Section id="outcome" title="Outcome">
        <p className="inline">
          <Pill tone={outcome === 'refused' ? 'warn' : 'danger'}>{outcome}</Pill>
        </p>
        <p>{outcome === 'refused' ? 'The provider, or the person there, said no.' : `It failed: ${reason}.`}</p>
      </Section>
    );
  }
  const { raw_attributes: raw, ...known } = profile;
  return (
    <>
      <Section id="outcome" title="Outcome">
        <p className="inline">
          <Pill tone="good">signed on</Pill>
        </p>
        <dl className="facts record sso-facts">
          {facts(known).map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </Section>
      <JsonView title="Everything the provider said" value={raw} />
    </>
  );
}

const facts = (
  profile: Omit<NonNullable<Result['profile']>, 'raw_attributes'>,
): readonly (readonly [string, string])[] => [
  ['Their ID there', profile.idp_id],
  ['Email', profile.email ?? 'none'],
  ['First name', profile.first_name ?? 'none'],
  ['Last name', profile.last_name ?? 'none'],
  ['Full name', profile.name ?? 'none'],
  ['Groups', profile.groups.join(', ') || 'none'],
  ['Roles', profile.roles?.join(', ') ?? 'given by hand'],
];
