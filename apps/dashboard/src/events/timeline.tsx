import { Link } from '@tanstack/react-router';
import { shortId } from '../parts/copyable.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Time } from '../parts/time.tsx';
import { type EventSubject, phraseOf, subjectOf } from './phrases.ts';
import { type Event, type EventsOf, useEmailsOf, useEvents } from './queries.ts';

const shownOfOne = 30;

/** What happened to one user or one organization, newest first. `empty` says what will stand here. */
export function Timeline({ userId, organizationId, empty }: EventsOf & { empty: string }) {
  const events = useEvents({ userId, organizationId, limit: shownOfOne });
  return (
    <Loaded query={events}>
      {({ data }) =>
        data.length > 0 ? <EventList events={data} withSubject={userId === undefined} /> : <Empty sentence={empty} />
      }
    </Loaded>
  );
}

/** `withSubject` names whom each event is about, for lists over more than one user. */
export function EventList({ events, withSubject = false }: { events: readonly Event[]; withSubject?: boolean }) {
  const subjects = events.map((event) => ({ event, subject: subjectOf(event) }));
  const unnamed = withSubject
    ? subjects.flatMap(({ subject: { userId, email } }) => (userId && !email ? [userId] : []))
    : [];
  const emails = useEmailsOf(unnamed);
  return (
    <ol className="timeline">
      {subjects.map(({ event, subject }) => {
        const { text, tone } = phraseOf(event);
        const email = subject.email ?? emails.get(subject.userId ?? '') ?? null;
        return (
          <li key={event.id} data-tone={tone}>
            <span title={event.event}>{text}</span>
            <Time at={event.created_at} />
            <Subject subject={{ ...subject, email }} withPerson={withSubject} />
          </li>
        );
      })}
    </ol>
  );
}

/** One line of links and words; no line at all where the event names nothing more. */
function Subject({ subject, withPerson }: { subject: EventSubject; withPerson: boolean }) {
  const { userId, email, organizationId, organization, detail } = subject;
  const person = withPerson || !userId ? email : null;
  const isEmpty = !(withPerson && userId) && !person && !organizationId && !detail;
  if (isEmpty) return null;
  return (
    <span className="timeline-more">
      {withPerson && userId ? (
        <Link to="/users/$userId" params={{ userId }} className="subject-link">
          <bdi>{email ?? shortId(userId)}</bdi>
        </Link>
      ) : person ? (
        <bdi>{person}</bdi>
      ) : null}
      {organizationId ? (
        <Link to="/organizations/$organizationId" params={{ organizationId }} className="subject-link">
          <bdi>{organization ?? shortId(organizationId)}</bdi>
        </Link>
      ) : null}
      {detail ? <bdi>{detail}</bdi> : null}
    </span>
  );
}
