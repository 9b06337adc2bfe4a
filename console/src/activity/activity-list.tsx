import { useState, useSyncExternalStore } from 'react';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { Switch } from '../components/switch.tsx';
import { useIdentity } from '../identity/identity.ts';
import { activity as text } from '../text/activity.ts';
import { common } from '../text/common.ts';
import { useActivityLog } from './activity-context.ts';
import { ActivityItem } from './activity-item.tsx';
import './activity.css';

export function ActivityList() {
  const log = useActivityLog();
  const activities = useSyncExternalStore(log.subscribe, log.read);
  const [mutationsOnly, setMutationsOnly] = useState(false);
  const { config } = useIdentity();
  const shown = mutationsOnly ? activities.filter(({ kind }) => kind === 'mutation') : activities;
  return (
    <>
      <p className="activity-hint">{config?.developerTrace ? text.hint : text.noTrace}</p>
      <div className="activity-toolbar">
        <Switch isSelected={mutationsOnly} onChange={setMutationsOnly}>
          {text.mutationsOnly}
        </Switch>
        <Button variant="quiet" onPress={() => log.clear()}>
          {common.clear}
        </Button>
      </div>
      {shown.length === 0 ? (
        <EmptyState hint={mutationsOnly ? text.noMutations : text.empty} />
      ) : (
        <ol className="activities">
          {shown.map((activity) => (
            <li key={activity.id}>
              <ActivityItem activity={activity} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
