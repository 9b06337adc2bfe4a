import { Link } from 'wouter';
import { problemsOf } from '../apollo/errors.ts';
import { sessionPath } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import '../components/error-notice.css';
import { createdSessionOf } from '../session-fields/session-notice.tsx';
import { sessionFields } from '../text/session-fields.ts';
import { sessionForm as text } from '../text/session-form.ts';

interface EarlierSessionProps {
  project: string;
  name: string;
  onOpen(): void;
  onCreateAnother(): void;
}

/** An earlier attempt has created a session, although its answer was lost. What was changed since would be another session. */
export function EarlierSession({ project, name, onOpen, onCreateAnother }: EarlierSessionProps) {
  return (
    <div role="alert" className="error-notice">
      <div>
        <strong>{text.earlier}</strong>
        <p>
          {text.earlierHint}{' '}
          <Link href={sessionPath(project, name)} onClick={onOpen}>
            {sessionFields.open}
          </Link>
        </p>
      </div>
      <Button onPress={onCreateAnother}>{text.createAnother}</Button>
    </div>
  );
}

/** The name of the session that has the idempotency key of an input without a name. With one, it can be the name that is taken. */
export function earlierSessionOf(error: unknown): string | undefined {
  const conflict = problemsOf(error).find(({ code }) => code === 'CONFLICT');
  const name = conflict?.extensions.name;
  return typeof name === 'string' && !createdSessionOf(error) ? name : undefined;
}
