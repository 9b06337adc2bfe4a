import { Link } from 'wouter';
import { problemsOf } from '../apollo/errors.ts';
import type { FormErrors } from '../apollo/form-errors.ts';
import { sessionPath } from '../app/paths.ts';
import { RestNotice } from '../components/mutation-form.tsx';
import { sessionFields as text } from '../text/session-fields.ts';

interface SessionNoticeProps {
  /** The mutation that creates a session. */
  of: { error: unknown; errors: FormErrors };
  /** The user opens the session. */
  onOpen(): void;
}

/** Why a session was not created, or what has failed after it was. */
export function SessionNotice({ of, onOpen }: SessionNoticeProps) {
  const session = createdSessionOf(of.error);
  return (
    <>
      <RestNotice errors={of.errors} />
      {session && (
        <p>
          {text.created}{' '}
          <Link href={sessionPath(session.project, session.name)} onClick={onOpen}>
            {text.open}
          </Link>
        </p>
      )}
    </>
  );
}

/** The session that was created although the mutation has failed later. */
export function createdSessionOf(error: unknown): { project: string; name: string } | undefined {
  const found = problemsOf(error).find(({ extensions }) => extensions.session);
  return found?.extensions.session as { project: string; name: string } | undefined;
}
