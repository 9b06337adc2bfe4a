import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { trigger } from '../../src/commands/trigger.ts';
import { readTriggerConfig } from '../../src/config/trigger-config.ts';
import { SESSIONS } from '../support/objects.ts';
import { startProcess } from '../support/process.ts';
import { putProject } from '../support/put-objects.ts';
import { putSchedule, type TestSchedule } from '../support/schedules.ts';
import { startWrit } from '../support/writ.ts';

const TIMINGS = { attemptMs: 60_000, backoff: { baseMs: 1, maxMs: 5 } };

function tokenFile(token: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'writ-trigger-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'token');
  writeFileSync(file, `${token}\n`);
  return file;
}

function environmentFor(url: string, token: string, job: string, more: Record<string, string> = {}) {
  return {
    WRIT_SCHEDULE_URL: url,
    WRIT_SCHEDULE_NAMESPACE: 'triggered',
    WRIT_SCHEDULE_NAME: 'nightly',
    WRIT_SCHEDULE_JOB: job,
    WRIT_SCHEDULE_TOKEN_FILE: tokenFile(token),
    ...more,
  };
}

/** Runs the command, and returns its exit code with the lines that it has logged. */
async function run(environment: Record<string, string>, stopped = new AbortController().signal) {
  const lines: Record<string, unknown>[] = [];
  const log = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, ...fields });
  const logger = { info: log('info'), warn: log('warn'), error: log('error') };
  const code = await trigger(readTriggerConfig(environment), logger, stopped, TIMINGS);
  return { code, lines };
}

describe('writ trigger, against Writ', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  let nightly: TestSchedule;
  beforeAll(async () => {
    await putProject(writ.kubernetes('admin'), 'triggered');
    nightly = await putSchedule(writ.sandbox, 'triggered', 'nightly');
  });

  it('creates the session, says so in one line, and does nothing when it is run again', async () => {
    const environment = environmentFor(writ.url, nightly.token, nightly.job());
    const first = await run(environment);
    expect(first.code).toBe(0);
    expect(first.lines).toEqual([
      expect.objectContaining({
        level: 'info',
        project: 'triggered',
        schedule: 'nightly',
        outcome: 'CREATED',
        session: expect.stringMatching(/^session-/),
      }),
    ]);
    const again = await run(environment);
    expect(again).toMatchObject({ code: 0, lines: [{ outcome: 'ALREADY_CREATED' }] });
    const { body } = await writ.kubernetes('admin').get(SESSIONS('triggered'));
    expect(body.items).toHaveLength(1);
  });

  it('is a process that ends', async () => {
    const { code, lastLine } = await startProcess(
      ['trigger'],
      environmentFor(writ.url, nightly.token, nightly.job()),
    ).exited;
    expect(JSON.parse(lastLine ?? '')).toMatchObject({ msg: 'schedule ran', outcome: 'ALREADY_CREATED' });
    expect(code).toBe(0);
  });

  it('does not retry what is refused for good, and does not fail its Job', async () => {
    const { token } = writ.sandbox.identities.alice;
    const { result, requests } = await writ.requestsDuring(() =>
      run(environmentFor(writ.url, token, nightly.job())),
    );
    expect(result).toMatchObject({ code: 0, lines: [{ level: 'warn', code: 'FORBIDDEN' }] });
    expect(requests.map(({ resource }) => resource)).not.toContain('cronjobs');
  });

  it('fails with a token that the cluster does not accept, and does not log it', async () => {
    const canary = 'CANARY-not-a-token';
    const { code, lines } = await run(
      environmentFor(writ.url, canary, nightly.job(), { WRIT_SCHEDULE_DEADLINE_SECONDS: '1' }),
    );
    expect(code).toBe(1);
    expect(lines).toMatchObject([{ level: 'error', reason: expect.stringContaining('UNAUTHENTICATED') }]);
    expect(JSON.stringify(lines)).not.toContain(canary);
  });

  it('says which setting is missing', async () => {
    const { code, lastLine } = await startProcess(['trigger'], { WRIT_SCHEDULE_URL: writ.url }).exited;
    expect(lastLine).toBe('WRIT_SCHEDULE_JOB is not set');
    expect(code).toBe(1);
  });
});

describe('writ trigger, against Writ with a list of operations', () => {
  const WRIT_OPERATIONS_FILE = 'examples/apollo/generated/persisted-documents.json';
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_OPERATIONS_FILE } });

  it('creates the session, although the list has no such operation', async () => {
    await putProject(writ.kubernetes('admin'), 'triggered');
    const nightly = await putSchedule(writ.sandbox, 'triggered', 'nightly');
    const { code, lines } = await run(environmentFor(writ.url, nightly.token, nightly.job()));
    expect({ code, lines }).toMatchObject({ code: 0, lines: [{ outcome: 'CREATED' }] });
  });
});

describe('writ trigger, against a server that', () => {
  const DONE = JSON.stringify({ data: { runScheduledSession: { outcome: 'SKIPPED', sessionName: null } } });

  /** Answers the requests in this order, and the last way from then on. */
  async function serve(...answers: RequestListener[]) {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      const answer = answers[Math.min(seen.length, answers.length) - 1];
      request.resume().on('end', () => answer?.(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/graphql`, seen };
  }
  const answer =
    (status: number, body: string, headers = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end(body);
  const error = (code: string, extensions = {}) =>
    JSON.stringify({ data: null, errors: [{ message: 'no', extensions: { code, ...extensions } }] });

  it.each<[string, RequestListener]>([
    ['is not ready', answer(503, 'no endpoints')],
    ['limits requests', answer(429, '')],
    ['answers with an error page', answer(502, '<html>')],
    ['is at its limits', answer(200, error('TOO_MANY_REQUESTS'))],
    ['cannot reach the cluster', answer(200, error('UNAVAILABLE'))],
    ['was too slow', answer(200, error('TIMEOUT'))],
    ['closes the connection', (request) => request.socket.destroy()],
    ['answers without end', answer(200, 'x'.repeat(100_000))],
  ])('%s, it is asked again', async (_, failure) => {
    const { url, seen } = await serve(failure, failure, answer(200, DONE));
    const { code, lines } = await run(environmentFor(url, 'a-token', 'nightly-1'));
    expect([code, lines.length, seen.length]).toEqual([0, 1, 3]);
    expect(lines[0]).toMatchObject({ outcome: 'SKIPPED' });
    expect(seen[2]?.authorization).toBe('Bearer a-token');
  });

  it.each<[string, RequestListener]>([
    ['a header', answer(429, '', { 'retry-after': '3600' })],
    ['an error', answer(200, error('TOO_MANY_REQUESTS', { retryAfterSeconds: 3_600 }))],
  ])('asks in %s to wait for longer than the deadline, it is not asked again', async (_, failure) => {
    const { url, seen } = await serve(failure);
    const { code, lines } = await run(environmentFor(url, 'a-token', 'nightly-1'));
    expect([code, lines.length, seen.length]).toEqual([1, 1, 1]);
  });

  it.each(['FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT'])(
    'answers %s, it is not asked again and the Job does not fail',
    async (code) => {
      const { url, seen } = await serve(answer(200, error(code)));
      expect(await run(environmentFor(url, 'a-token', 'nightly-1'))).toMatchObject({
        code: 0,
        lines: [{ level: 'warn', code }],
      });
      expect(seen).toHaveLength(1);
    },
  );

  it('redirects does not get the token at another address', async () => {
    const elsewhere = await serve(answer(200, DONE));
    const { url } = await serve(answer(307, '', { location: elsewhere.url }));
    const { code } = await run(
      environmentFor(url, 'a-token', 'nightly-1', { WRIT_SCHEDULE_DEADLINE_SECONDS: '1' }),
    );
    expect([code, elsewhere.seen]).toEqual([1, []]);
  });

  it('takes the token from the header of a proxy gets it there', async () => {
    const { url, seen } = await serve(answer(200, DONE));
    const WRIT_TOKEN_HEADER = 'x-forwarded-access-token';
    await run(environmentFor(url, 'a-token', 'nightly-1', { WRIT_TOKEN_HEADER }));
    expect(seen[0]).toMatchObject({ [WRIT_TOKEN_HEADER]: 'a-token', 'x-writ-csrf': '1' });
    expect(seen[0]?.authorization).toBeUndefined();
  });

  it('is asked by a pod that is stopped is not asked again', async () => {
    const stop = new AbortController();
    const { url, seen } = await serve(() => stop.abort());
    const { code } = await run(environmentFor(url, 'a-token', 'nightly-1'), stop.signal);
    expect([code, seen.length]).toEqual([1, 1]);
  });
});
