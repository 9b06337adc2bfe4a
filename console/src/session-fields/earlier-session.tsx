import { Link } from 'wouter';
import { Button } from '../components/button.tsx';
import '../components/error-notice.css';
import { sessionFields as text } from '../text/session-fields.ts';

interface EarlierSessionProps {
  href: string;
  onOpen(): void;
  onCreateAnother(): void;
}

/** An earlier attempt has created a session, although its answer was lost. What was changed since would be another session. */
export function EarlierSession({ href, onOpen, onCreateAnother }: EarlierSessionProps) {
  return (
    <div role="alert" className="error-notice">
      <div>
        <strong>{text.earlier}</strong>
        <p>
          {text.earlierHint}{' '}
          <Link href={href} onClick={onOpen}>
            {text.open}
          </Link>
        </p>
      </div>
      <Button onPress={onCreateAnother}>{text.createAnother}</Button>
    </div>
  );
}
