import { clockTime } from '../components/relative-time.ts';
import { activity as text } from '../text/activity.ts';
import type { CallGroup } from './activity-log.ts';
import { CallItem } from './call-item.tsx';

interface CallGroupsProps {
  groups: readonly CallGroup[];
  /** Whether each is that of an event. The latest is then the first. */
  isOfEvents: boolean;
}

export function CallGroups({ groups, isOfEvents }: CallGroupsProps) {
  if (!isOfEvents) return groups.map((group) => <Calls key={group.result} {...group} />);
  return groups.toReversed().map((group) => (
    <section key={group.result}>
      <h3 className="call-group">
        {text.event(group.result)} <time>{clockTime(group.at)}</time>
      </h3>
      <Calls {...group} />
    </section>
  ));
}

function Calls({ calls }: CallGroup) {
  return (
    <ol className="calls">
      {calls.map((call) => (
        <CallItem key={call.auditId} call={call} />
      ))}
    </ol>
  );
}
