import { Checkbox } from '../components/checkbox.tsx';
import '../components/error-notice.css';
import { members } from '../text/members.ts';

const text = members.lastAdmin;

interface LastAdminProps {
  isAllowed: boolean;
  onAllow(isAllowed: boolean): void;
}

/** Why the last admin stays, and how to go on. */
export function LastAdmin({ isAllowed, onAllow }: LastAdminProps) {
  return (
    <div role="alert" className="error-notice">
      <div>
        <strong>{text.title}</strong>
        <p>{text.hint}</p>
        <Checkbox label={text.allow} isSelected={isAllowed} onChange={onAllow} />
      </div>
    </div>
  );
}
