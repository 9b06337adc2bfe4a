import { ProgressBar } from 'react-aria-components';
import { common } from '../text/common.ts';
import './spinner.css';

/** Something is under way whose end is not known. */
export function Spinner({ isSmall = false, label = common.loading }: { isSmall?: boolean; label?: string }) {
  return (
    <ProgressBar isIndeterminate aria-label={label} className="spinner" data-small={isSmall || undefined}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9" />
      </svg>
    </ProgressBar>
  );
}
