import type { PodContainerFragment, SessionDetailFragment } from '../generated/graphql.ts';
import { session as texts } from '../text/session.ts';
import { durationOf, secondsBetween } from './duration.ts';

const text = texts.doing;

export interface Doing {
  text: string;
  tone: 'neutral' | 'active' | 'good' | 'bad';
  /** What was when, such as "ended" and its time. */
  when?: [what: string, time: string | null | undefined] | undefined;
}

type Session = SessionDetailFragment;

/** What a session is doing now, in words. */
export function doingOf(session: Session): Doing {
  if (session.deletionTimestamp)
    return { text: text.deleting, tone: 'neutral', when: [text.asked, session.deletionTimestamp] };
  const created = conditionOf(session, 'RunCreated');
  const health = conditionOf(session, 'RunHealthy');
  switch (session.phase) {
    case 'PENDING':
      if (created?.status === 'False')
        return {
          text: text.noRun(whyOf(created)),
          tone: 'bad',
          when: [text.began, created.lastTransitionTime],
        };
      return { text: isWanted(session) ? text.waitingForRun : text.notStarted, tone: 'neutral' };
    case 'CREATING':
      return starting(session, health);
    case 'RUNNING':
      if (health?.status === 'False')
        return {
          text: text.unhealthy(whyOf(health)),
          tone: 'bad',
          when: [text.began, health.lastTransitionTime],
        };
      return { text: text.working, tone: 'active', when: activity(session) };
    case 'STOPPING':
      return { text: text.stopping + cause(session), tone: 'neutral' };
    case 'STOPPED':
      return {
        text: text.stopped + cause(session),
        tone: 'neutral',
        when: [text.ended, session.completionTime],
      };
    case 'COMPLETED':
      return {
        text: text.completed + duration(session),
        tone: 'good',
        when: [text.ended, session.completionTime],
      };
    case 'FAILED': {
      const failed =
        [health, created].find((condition) => condition?.status === 'False') ?? lastFailure(session);
      const why = failed ? whyOf(failed) : text.unknownCause;
      return { text: text.failed(why), tone: 'bad', when: [text.ended, session.completionTime] };
    }
    default:
      return { text: text.unknown, tone: 'neutral' };
  }
}

type Condition = Session['conditions'][number];

function conditionOf({ conditions }: Session, type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** What another operator, or the runner, says of it. */
function lastFailure({ conditions }: Session): Condition | undefined {
  const timeOf = ({ lastTransitionTime }: Condition) => lastTransitionTime ?? '';
  return conditions
    .filter(({ status }) => status === 'False')
    .reduce<Condition | undefined>(
      (last, each) => (last && timeOf(last) >= timeOf(each) ? last : each),
      undefined,
    );
}

function whyOf({ message, reason }: Condition): string {
  return message ?? reason ?? text.unknownCause;
}

/** Why its pod does not run yet. */
function starting({ pods, startTime }: Session, health: Condition | undefined): Doing {
  const pod = pods?.[0];
  const waiting = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].find(isHeldUp);
  if (health?.status === 'False') {
    const reason = waiting?.reason ?? health.reason;
    const why = reason ? `${whyOf(health)} (${reason})` : whyOf(health);
    return { text: text.cannotStart(why), tone: 'bad', when: [text.began, health.lastTransitionTime] };
  }
  const when: Doing['when'] = [text.began, health?.lastTransitionTime ?? startTime];
  if (pods && !pod) return { text: text.waitingForPod, tone: 'active', when };
  if (pod && !pod.nodeName) return { text: text.waitingForNode, tone: 'active', when };
  return { text: text.preparing, tone: 'active', when };
}

function isHeldUp({ state, reason }: PodContainerFragment): boolean {
  return state === 'waiting' && !!reason && !['ContainerCreating', 'PodInitializing'].includes(reason);
}

/** Whether a run is wanted, as Writ notes it on the session. */
function isWanted({ annotations }: Session): boolean {
  return annotations.some(({ key, value }) => key === 'ambient-code.io/desired-phase' && value === 'Running');
}

function activity({ lastActivityTime, startTime }: Session): Doing['when'] {
  return lastActivityTime ? [text.lastActive, lastActivityTime] : [text.began, startTime];
}

function cause({ stoppedReason }: Session): string {
  if (stoppedReason === 'user') return text.byUser;
  return stoppedReason === 'inactivity' ? text.byInactivity : '';
}

function duration({ startTime, completionTime }: Session): string {
  if (!startTime || !completionTime) return '';
  return text.after(durationOf(secondsBetween(startTime, completionTime)));
}
