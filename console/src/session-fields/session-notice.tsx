import { Link } from 'wouter';
import { problemsOf } from '../apollo/errors.ts';
import type { FormErrors } from '../apollo/form-errors.ts';
import { sessionPath } from '../app/paths.ts';
import { RestNotice } from '../components/mutation-form.tsx';
import { sessionFields as text } from '../text/session-fields.ts';
import { EarlierSession } from './earlier-session.tsx';

interface SessionNoticeProps {
  /** The mutation that creates a session. */
  of: { error: unknown; errors: FormErrors };
  project: string;
  /** Whether its name was asked for. */
  isNamed: boolean;
  /** The user opens the session. */
  onOpen(): void;
  /** An earlier attempt has made one, and this is to be another. */
  onCreateAnother(): void;
}

/** Why a session was not created, or what has failed after it was. */
export function SessionNotice({ of, project, isNamed, onOpen, onCreateAnother }: SessionNoticeProps) {
  const created = createdSessionOf(of.error);
  const earlier = created || isNamed ? undefined : earlierSessionOf(of.error);
  if (earlier !== undefined)
    return <EarlierSession href={sessionPath(project, earlier)} {...{ onOpen, onCreateAnother }} />;
  return (
    <>
      <RestNotice errors={of.errors} />
      {created && (
        <p>
          {text.created}{' '}
          <Link href={sessionPath(created.project, created.name)} onClick={onOpen}>
            {text.open}
          </Link>
        </p>
      )}
    </>
  );
}

/** The session that was created although the mutation has failed later. */
function createdSessionOf(error: unknown): { project: string; name: string } | undefined {
  const found = problemsOf(error).find(({ extensions }) => extensions.session);
  return found?.extensions.session as { project: string; name: string } | undefined;
}

/** The name of the session that has the idempotency key of an input without a name. With one, it can be the name that is taken. */
function earlierSessionOf(error: unknown): string | undefined {
  const conflict = problemsOf(error).find(({ code }) => code === 'CONFLICT');
  const name = conflict?.extensions.name;
  return typeof name === 'string' ? name : undefined;
}
