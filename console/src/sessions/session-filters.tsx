import { useEffect, useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { SearchField } from '../components/search-field.tsx';
import { Select } from '../components/select.tsx';
import type { SessionPhase } from '../generated/graphql.ts';
import { phases } from '../text/phases.ts';
import { sessions as text } from '../text/sessions.ts';
import { ORDER_NAMES, type Selection } from './selection.ts';
import './session-filters.css';

const TYPING_MS = 250;
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
        <Search value={search} onChange={(wanted) => onChange({ search: wanted })} />
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

/** The list follows when the typing pauses. */
function Search({ value, onChange }: { value: string; onChange(value: string): void }) {
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  // It was changed elsewhere: by the button that clears the filter, or by the history.
  if (shown !== value) {
    setShown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return <SearchField label={text.search} value={typed} onChange={setTyped} />;
}
