import { Link } from '@tanstack/react-router';
import { shortId } from '../parts/copyable.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Time } from '../parts/time.tsx';
import { phraseOf, subjectOf } from './phrases.ts';
import { type Event, type EventsOf, useEvents } from './queries.ts';

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
  return (
    <ol className="timeline">
      {events.map((event) => {
        const { text, tone } = phraseOf(event);
        return (
          <li key={event.id} data-tone={tone}>
            <span>{text}</span>
            <Time at={event.created_at} />
            <span className="timeline-more">{withSubject ? <Subject event={event} /> : event.event}</span>
          </li>
        );
      })}
    </ol>
  );
}

function Subject({ event }: { event: Event }) {
  const { userId, email } = subjectOf(event);
  if (!userId) return email ?? event.event;
  return (
    <Link to="/users/$userId" params={{ userId }} className="subject-link">
      {email ?? shortId(userId)}
    </Link>
  );
}
