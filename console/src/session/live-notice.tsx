import { hasCode } from '../apollo/errors.ts';
import { Button } from '../components/button.tsx';
import { session as text } from '../text/session.ts';

/** Says that the session is not followed, and why. */
export function LiveNotice({ lost, onReadAgain }: { lost: unknown; onReadAgain(): void }) {
  if (lost === undefined) return null;
  const isDenied = hasCode(lost, 'FORBIDDEN');
  return (
    <div className="live-notice" role="status">
      <p>{isDenied ? text.notFollowed : text.lost}</p>
      <Button onPress={onReadAgain}>{text.readAgain}</Button>
    </div>
  );
}
