import { useSyncExternalStore } from 'react';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { useIdentity } from '../identity/identity.ts';
import { activity as text } from '../text/activity.ts';
import { common } from '../text/common.ts';
import { useActivityLog } from './activity-context.ts';
import { ActivityItem } from './activity-item.tsx';
import './activity.css';

export default function ActivityList() {
  const log = useActivityLog();
  const activities = useSyncExternalStore(log.subscribe, log.read);
  const { config } = useIdentity();
  return (
    <>
      <p className="activity-hint">{config?.developerTrace ? text.hint : text.noTrace}</p>
      {activities.length === 0 ? (
        <EmptyState hint={text.empty} />
      ) : (
        <>
          <ol className="activities">
            {activities.map((activity) => (
              <li key={activity.id}>
                <ActivityItem activity={activity} />
              </li>
            ))}
          </ol>
          <Button variant="quiet" onPress={() => log.clear()}>
            {common.clear}
          </Button>
        </>
      )}
    </>
  );
}
