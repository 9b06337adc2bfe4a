import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { DelayedSearchField } from '../components/delayed-search-field.tsx';
import { Select } from '../components/select.tsx';
import type { SessionPhase } from '../generated/graphql.ts';
import { phases } from '../text/phases.ts';
import { sessions as text } from '../text/sessions.ts';
import { ORDER_NAMES, type Selection } from './selection.ts';
import './session-filters.css';

const PHASES = Object.keys(phases).filter((phase) => phase !== 'UNKNOWN') as SessionPhase[];

interface Props {
  selection: Selection;
  onChange(change: Partial<Selection>): void;
  /** How many there are. */
  count: string;
}

export function SessionFilters({ selection, onChange, count }: Props) {
  const { search, phases: chosen, isMine, order } = selection;
  return (
    <div className="session-filters">
      <div className="toolbar">
        <DelayedSearchField
          label={text.search}
          value={search}
          onChange={(wanted) => onChange({ search: wanted })}
        />
        <Select
          label={text.order}
          hidesLabel
          options={ORDER_NAMES.map((id) => ({ id, label: text.orders[id] }))}
          value={order}
          onChange={(wanted) => onChange({ order: wanted })}
        />
      </div>
      <div className="session-chips">
        <ToggleButton
          className="chip"
          isSelected={isMine}
          onChange={(wanted) => onChange({ isMine: wanted })}
        >
          {text.mine}
        </ToggleButton>
        <ToggleButtonGroup
          className="session-phases"
          aria-label={text.phase}
          selectionMode="multiple"
          selectedKeys={chosen}
          onSelectionChange={(keys) => onChange({ phases: PHASES.filter((phase) => keys.has(phase)) })}
        >
          {PHASES.map((phase) => (
            <ToggleButton key={phase} id={phase} className="chip">
              {phases[phase]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      <p className="count" role="status">
        {count}
      </p>
    </div>
  );
}
