import type { SessionPhase } from '../generated/graphql.ts';
import { phases } from '../text/phases.ts';
import './phase-badge.css';

export function PhaseBadge({ phase }: { phase: SessionPhase }) {
  return (
    <span className="phase-badge" data-phase={phase}>
      {phases[phase]}
    </span>
  );
}
