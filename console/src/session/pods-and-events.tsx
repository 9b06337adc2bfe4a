import { EmptyState } from '../components/empty-state.tsx';
import { RelativeTime } from '../components/relative-time.tsx';
import { Section } from '../components/section.tsx';
import type {
  PodContainerFragment,
  SessionDetailFragment,
  SessionPodFragment,
} from '../generated/graphql.ts';
import { session as texts } from '../text/session.ts';

/** A part that could not be read is absent: its error is shown above. */
export function PodsAndEvents({ session }: { session: SessionDetailFragment }) {
  const { pods, events, eventsTruncated } = session;
  return (
    <>
      {pods && (
        <Section isPlain title={texts.pods.title}>
          {pods.length === 0 && <EmptyState {...texts.pods.none} />}
          {pods.map((pod) => (
            <PodCard key={pod.id} pod={pod} />
          ))}
        </Section>
      )}
      {events && (
        <Section isPlain title={texts.events.title}>
          {events.length === 0 && <EmptyState {...texts.events.none} />}
          {eventsTruncated && <p className="muted">{texts.events.truncated}</p>}
          <Events events={events} />
        </Section>
      )}
    </>
  );
}

function PodCard({ pod }: { pod: SessionPodFragment }) {
  const text = texts.pods;
  const { name, run, podPhase, reason, nodeName, startTime, containers, initContainers } = pod;
  return (
    <article className="pod" aria-label={name}>
      <header>
        <code>{name}</code>
        <span className="muted">
          {[run !== null && text.run(run), podPhase, reason, nodeName ? text.node(nodeName) : text.noNode]
            .filter(Boolean)
            .join(' · ')}
          {startTime && (
            <>
              {' · '}
              <RelativeTime time={startTime} />
            </>
          )}
        </span>
      </header>
      {containers.length + initContainers.length > 0 && (
        <ul className="containers" aria-label={text.containers}>
          {initContainers.map((container) => (
            <Container key={container.name} {...container} isInit />
          ))}
          {containers.map((container) => (
            <Container key={container.name} {...container} />
          ))}
        </ul>
      )}
    </article>
  );
}

function Container(container: PodContainerFragment & { isInit?: boolean }) {
  const text = texts.pods;
  const { name, state, reason, exitCode, ready, restartCount, isInit } = container;
  const isBad = (exitCode ?? 0) !== 0 || (state === 'waiting' && /Err|BackOff|Invalid/.test(reason ?? ''));
  const words = [
    state,
    reason,
    exitCode !== null && text.exitCode(exitCode),
    ready && text.ready,
    restartCount > 0 && `${text.restarts}: ${restartCount}`,
  ];
  return (
    <li data-tone={isBad ? 'bad' : undefined}>
      <strong>{name}</strong>
      {isInit && <em className="muted"> {text.init}</em>}
      <span>{words.filter(Boolean).join(' · ')}</span>
    </li>
  );
}

function Events({ events }: { events: NonNullable<SessionDetailFragment['events']> }) {
  return (
    <ul className="events" aria-label={texts.events.title}>
      {events.map(({ id, type, reason, message, count, objectKind, objectName, lastTimestamp }) => (
        <li key={id} data-tone={type === 'Warning' ? 'bad' : undefined}>
          <div>
            <strong>{reason ?? type}</strong>
            {count > 1 && <span className="muted">{texts.events.count(count)}</span>}
            {lastTimestamp && (
              <span className="muted">
                <RelativeTime time={lastTimestamp} />
              </span>
            )}
          </div>
          {message && <p>{message}</p>}
          <p className="muted">{texts.events.about(objectKind, objectName)}</p>
        </li>
      ))}
    </ul>
  );
}
