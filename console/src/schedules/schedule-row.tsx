import { projectPath } from '../app/paths.ts';
import { Menu } from '../components/menu.tsx';
import { ObjectLink } from '../components/object-link.tsx';
import { RelativeTime } from '../components/relative-time.tsx';
import type { ScheduleRowFragment } from '../generated/graphql.ts';
import { schedules as text } from '../text/schedules.ts';
import { ScheduleState } from './schedule-state.tsx';
import type { ScheduleActions } from './use-schedule-actions.ts';

interface ScheduleRowProps {
  schedule: ScheduleRowFragment;
  /** Undefined if the caller may do nothing with it. */
  actions: ScheduleActions | undefined;
  onEdit(schedule: ScheduleRowFragment): void;
  onDelete(schedule: ScheduleRowFragment): void;
}

export function ScheduleRow({ schedule, actions, onEdit, onDelete }: ScheduleRowProps) {
  const { name, displayName, timeZone, suspended, lastScheduleTime, owner } = schedule;
  const [next] = schedule.nextScheduleTimes;
  return (
    <li>
      <div className="row-main">
        <ObjectLink href={schedulePath(schedule.projectName, name)} name={name} displayName={displayName} />
        <p>
          <code>{schedule.schedule}</code> {timeZone} ·{' '}
          {owner.userId === '' ? text.ownerMissing : text.owner(owner.displayName ?? owner.userId)}
        </p>
        <p>
          {next ? (
            <>
              {text.next} <RelativeTime time={next} />
            </>
          ) : (
            text.noNext
          )}{' '}
          ·{' '}
          {lastScheduleTime ? (
            <>
              {text.last} <RelativeTime time={lastScheduleTime} />
            </>
          ) : (
            text.neverRan
          )}
        </p>
      </div>
      <div className="row-side">
        <ScheduleState schedule={schedule} />
        {actions && (
          <Menu
            label={text.actions(name)}
            trigger={text.actionsTrigger}
            items={[
              {
                id: 'trigger',
                label: text.trigger,
                description: text.triggerHint,
                onAction: () => actions.trigger(schedule),
              },
              suspended
                ? {
                    id: 'resume',
                    label: text.resume,
                    description: text.resumeHint,
                    onAction: () => actions.resume(schedule),
                  }
                : { id: 'suspend', label: text.suspend, onAction: () => actions.suspend(schedule) },
              { id: 'edit', label: text.edit, onAction: () => onEdit(schedule) },
              { id: 'delete', label: text.delete, isDangerous: true, onAction: () => onDelete(schedule) },
            ]}
          />
        )}
      </div>
    </li>
  );
}

export function schedulePath(project: string, name: string): string {
  return projectPath(project, `/schedules/${encodeURIComponent(name)}`);
}
