import { memo, type Ref } from 'react';
import { sessionPath } from '../app/paths.ts';
import { ObjectLink } from '../components/object-link.tsx';
import { PhaseBadge } from '../components/phase-badge.tsx';
import { RelativeTime } from '../components/relative-time.tsx';
import type { SessionRowFragment } from '../generated/graphql.ts';
import { SessionActions } from '../session-actions/session-actions.tsx';
import type { RunnerType } from '../session-fields/use-runner-types.ts';
import { sessions as text } from '../text/sessions.ts';

interface Props {
  ref: Ref<HTMLDivElement>;
  session: SessionRowFragment;
  index: number;
  /** Its place in the list, in px. */
  top: number;
  isTabStop: boolean;
  runnerType: RunnerType | undefined;
  onFocus(id: string): void;
}

/** A row of the grid. On a phone its cells are two lines. */
export const SessionRow = memo(function SessionRow({
  ref,
  session,
  index,
  top,
  isTabStop,
  runnerType,
  onFocus,
}: Props) {
  const { id, projectName, name, displayName, phase, createdAt, lastActivityTime, createdBy } = session;
  const model = session.llmSettings?.model ?? runnerType?.defaultModel;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows in view are placed by their height, as no table can
    // biome-ignore lint/a11y/useFocusableInteractive: its link and its button are
    <div
      role="row"
      ref={ref}
      data-index={index}
      // The first is the header.
      aria-rowindex={index + 2}
      className="session-columns session-row row-link"
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onFocus(id)}
    >
      <Cell area="session">
        <ObjectLink
          href={sessionPath(projectName, name)}
          name={name}
          displayName={displayName}
          tabIndex={isTabStop ? 0 : -1}
        />
      </Cell>
      <Cell area="phase">
        <PhaseBadge phase={phase} />
      </Cell>
      <Cell area="runner">
        {runnerType?.displayName ?? session.runnerType}
        {model && <small>{model}</small>}
      </Cell>
      <Cell area="creator">
        {createdBy ? (createdBy.displayName ?? createdBy.userId) : <None title={text.unknownCreator} />}
      </Cell>
      <Cell area="activity">
        {lastActivityTime ? <RelativeTime time={lastActivityTime} /> : <None title={text.noActivity} />}
      </Cell>
      <Cell area="age">
        <RelativeTime time={createdAt} />
      </Cell>
      <Cell area="actions">
        <SessionActions session={session} isCompact isTabStop={isTabStop} />
      </Cell>
    </div>
  );
});

function Cell({ area, children }: { area: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the row
    // biome-ignore lint/a11y/useFocusableInteractive: as the row
    <div role="gridcell" data-area={area} style={{ gridArea: area }}>
      {children}
    </div>
  );
}

function None({ title }: { title: string }) {
  return <span title={title}>{text.none}</span>;
}
