import { type Fact, Facts } from '../components/facts.tsx';
import { RelativeTime } from '../components/relative-time.tsx';
import type { SessionDetailFragment } from '../generated/graphql.ts';
import { useRunnerWords } from '../session-fields/use-runner-types.ts';
import { session as texts } from '../text/session.ts';
import { durationOf } from './duration.ts';

const text = texts.facts;

export function SessionFacts({ session }: { session: SessionDetailFragment }) {
  const { name, createdAt, createdBy, startTime, completionTime, lastActivityTime } = session;
  const { runnerType, llmSettings, timeoutSeconds, inactivityTimeoutSeconds: inactivity } = session;
  const { runner, model } = useRunnerWords(runnerType, llmSettings?.model);
  const facts: Fact[] = [
    [text.name, <code key="name">{name}</code>],
    [text.createdBy, createdBy ? <User key="user" {...createdBy} /> : text.unknownUser],
    [text.created, <RelativeTime key="created" time={createdAt} />],
    [text.started, startTime && <RelativeTime time={startTime} />],
    [text.ended, completionTime && <RelativeTime time={completionTime} />],
    [text.lastActivity, lastActivityTime && <RelativeTime time={lastActivityTime} />],
    [text.runner, runner],
    [text.model, model],
    [text.temperature, llmSettings?.temperature],
    [text.maxTokens, llmSettings?.maxTokens],
    [text.timeout, durationOf(timeoutSeconds ?? text.defaultTimeout)],
    [text.inactivity, inactivity === null ? text.defaultInactivity : inactive(inactivity)],
    [text.stopsWhenFinished, session.stopOnRunFinished ? text.ends : text.waits],
  ];
  return <Facts items={facts} />;
}

function inactive(seconds: number): string {
  return seconds === 0 ? text.never : durationOf(seconds);
}

function User({ userId, displayName, verified }: NonNullable<SessionDetailFragment['createdBy']>) {
  return (
    <>
      {displayName ?? userId}
      {displayName && displayName !== userId && <span className="muted"> {userId}</span>}
      {!verified && (
        <em className="muted" title={text.unverifiedHint}>
          {' '}
          {text.unverified}
        </em>
      )}
    </>
  );
}
