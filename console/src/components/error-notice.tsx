import { type Problem, problemsOf } from '../apollo/errors.ts';
import { common } from '../text/common.ts';
import { errors as text } from '../text/errors.ts';
import { Button } from './button.tsx';
import './error-notice.css';

interface ErrorNoticeProps {
  /** What an operation has failed with, or the problems of a part of it. */
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** What has failed, why, and what to do about it. It is nothing without an error. */
export function ErrorNotice({ error, onRetry }: ErrorNoticeProps) {
  const problems = isProblems(error) ? error : problemsOf(error);
  if (problems.length === 0) return null;
  return (
    <div role="alert" className="error-notice">
      {distinct(problems).map((problem) => (
        <OneProblem key={`${problem.code} ${problem.message}`} {...problem} />
      ))}
      {onRetry && <Button onPress={onRetry}>{common.retry}</Button>}
    </div>
  );
}

function OneProblem({ code, message, extensions }: Problem) {
  const { retryAfterSeconds, requestId, hint, remedy } = extensions;
  return (
    <div>
      <strong>{titleOf(code, extensions)}</strong>
      <p>{message}</p>
      {typeof hint === 'string' && <p>{hint}</p>}
      {typeof retryAfterSeconds === 'number' && <p>{text.retryAfter(retryAfterSeconds)}</p>}
      {typeof requestId === 'string' && <p>{text.requestId(requestId)}</p>}
      {isRemedy(remedy) && (
        <details>
          <summary>{text.remedy}</summary>
          <p>{remedy.description}</p>
        </details>
      )}
    </div>
  );
}

function isProblems(error: unknown): error is Problem[] {
  return Array.isArray(error);
}

function titleOf(code: string, extensions: Problem['extensions']): string {
  const { verb } = extensions;
  if (code === 'FORBIDDEN' && (verb === 'get' || verb === 'list' || verb === 'watch')) return text.mayNotRead;
  return isOfTakenName(extensions) ? text.nameTaken : (text.titles[code] ?? text.other);
}

/** Writ's own reason, or that of the API server. */
function isOfTakenName({ reason, kubernetes }: Problem['extensions']): boolean {
  const status = kubernetes as { reason?: unknown } | undefined;
  return [reason, status?.reason].includes('AlreadyExists');
}

function isRemedy(remedy: unknown): remedy is { description: string } {
  return typeof remedy === 'object' && remedy !== null && 'description' in remedy;
}

/** Fields of a list that fail for the same reason say it once. */
function distinct(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem])).values()];
}
