import type { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { sendRaw } from '../support/raw-request.ts';
import { startWrit } from '../support/writ.ts';
import { startWatchedWrit } from './watched-writ.ts';

const PIECE = 16;

/** All that would give the token away: each run of 16 characters of it, as it is and encoded. */
function traces(token: string): string[] {
  const encodings = ['base64', 'base64url', 'hex'] as const;
  const forms = [
    token,
    ...encodings.map((encoding) => Buffer.from(token).toString(encoding)),
    encodeURIComponent(token),
  ];
  return forms.flatMap((form) =>
    Array.from({ length: Math.max(form.length - PIECE + 1, 1) }, (_, at) => form.slice(at, at + PIECE)),
  );
}

function leaks(text: string, token: string): string[] {
  return traces(token).filter((trace) => text.includes(trace));
}

/** Of a JWT its signature: its claims, such as a username, are no secret. */
function secretPart(token: string): string {
  return token.startsWith('eyJ') ? (token.split('.')[2] ?? '') : token;
}

const READ =
  '{ session(project: "demo", name: "fix-cart-rounding") { raw job { name } logs viewerCan(verb: "get") } }';
const CREATE = 'mutation { createSession(input: {project: "demo"}) { session { raw } } }';

/** Operations that succeed and fail in every way that a client can bring about. */
const OPERATIONS: [string, object?][] = [
  [
    'query Canary { viewer { id username userUid groups can(verb: "get", resource: "pods") { allowed reason } } }',
  ],
  [
    '{ projects(first: 2) { nodes { name sessions(first: 6) { nodes { name raw job { name } pods { name } events { message } logs } } } } }',
  ],
  ['{ project(name: "research") { sessions { nodes { raw } } } }'],
  ['{ session(project: "..", name: "x") { name } }'],
  ['{ session(project: "demo", name: "absent") { name } }'],
  ['{ node(id: "x") { id } }'],
  ['{ nope }'],
  ['{'],
  ['query ($n: Int!) { viewer { username } }', { n: 'x' }],
  [
    'mutation { createSession(input: {project: "demo", environmentVariables: [{key: "A", value: "b"}]}) { session { raw } } }',
  ],
  ['mutation { createSession(input: {project: "research"}) { session { raw } } }'],
  ['mutation { createSession(input: {project: "demo", name: "migrate-ci"}) { session { raw } } }'],
  [
    'mutation { updateSession(input: {project: "demo", name: "migrate-ci", displayName: "x", resourceVersion: "1"}) { session { raw } } }',
  ],
  ['mutation { deleteSession(project: "demo", name: "migrate-ci") { deletedId } }'],
]; // prettier-ignore

/** What the cluster, or a proxy before it, may answer at its worst. */
const lies = [
  ...[400, 401, 403, 404, 409, 410, 418, 422, 429, 500, 503, 504].map(
    (status) => (token: string, via: string) => {
      // Of a user's own call causes are passed on: they are about the user's own input.
      const cause = via === 'backend' ? { field: token, reason: token, message: token } : { message: 'x' };
      const said = { reason: token, message: `Bearer ${token}`, metadata: { continue: token } };
      const details = { name: token, kind: token, causes: [cause] };
      return { status, body: JSON.stringify({ kind: 'Status', code: status, ...said, details }) };
    },
  ),
  (token: string) => ({ status: 200, body: `<html>${token}</html>` }),
  (token: string) => ({ status: 200, body: JSON.stringify({ [token]: token, status: { allowed: token } }) }),
  (token: string) => ({ status: 302, body: token }),
];

/** What the process prints from the hooks of the describe on. */
function capturePrinted(): string[] {
  const printed: string[] = [];
  beforeAll(() => {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream) as Writable['write'];
      vi.spyOn(stream, 'write').mockImplementation((chunk, ...rest: unknown[]) => {
        printed.push(String(chunk));
        return Reflect.apply(write, stream, [chunk, ...rest]) as boolean;
      });
    }
  });
  afterAll(() => vi.restoreAllMocks());
  return printed;
}

describe('a token', () => {
  const printed = capturePrinted();
  const writ = startWrit();
  let lie: (typeof lies)[number] | undefined;
  let liar: 'users' | 'backend' = 'users';
  const watched = startWatchedWrit(writ.sandbox, {
    before: ({ via, headers }) =>
      via === liar ? lie?.(headers.authorization?.replace('Bearer ', '') ?? '', via) : undefined,
  });
  const answers: string[] = [];
  const logs = () => `${writ.log.text()}${watched.log.text()}`;
  const admin = writ.kubernetes('admin');
  let minted = '';
  const UNKNOWN = 'CANARY-0123456789-abcdefghijklmnop~QRSTUVWXYZ.canary/canary+canary==';
  const TOKENS: [string, () => string][] = [
    ['a user\u2019s, opaque', () => writ.sandbox.identities.alice.token],
    ['a user\u2019s, of a service account', () => minted],
    ['one that no cluster knows', () => UNKNOWN],
    ['Writ\u2019s own', () => writ.sandbox.identities.backend.token],
  ];
  beforeAll(async () => {
    const accounts = '/api/v1/namespaces/demo/serviceaccounts';
    await admin.post(accounts, { metadata: { name: 'canary' } });
    await admin.post('/apis/rbac.authorization.k8s.io/v1/namespaces/demo/rolebindings', {
      metadata: { name: 'canary' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'ambient-project-edit' },
      subjects: [{ kind: 'ServiceAccount', name: 'canary', namespace: 'demo' }],
    });
    const { body } = await admin.post(`${accounts}/canary/token`, { spec: { expirationSeconds: 3_600 } });
    minted = body.status.token;
    for (const [, token] of TOKENS) await run(token());
  });

  async function keep(response: Response | { status: number; text: string }) {
    if (!(response instanceof Response)) return void answers.push(response.text);
    answers.push(`${JSON.stringify([...response.headers])}\n${await response.text()}`);
  }
  async function run(token: string) {
    const authorization = `Bearer ${token}`;
    const headers = { 'content-type': 'application/json', authorization };
    for (const [query, variables] of OPERATIONS) {
      const body = JSON.stringify({ query, variables });
      for (const url of [writ.url, watched.url])
        await keep(await fetch(url, { method: 'POST', headers, body }));
      await keep(
        await fetch(writ.url, { method: 'POST', headers: { ...headers, accept: 'text/event-stream' }, body }),
      );
    }
    for (lie of lies) {
      for (const [via, query] of [
        ['users', READ],
        ['backend', CREATE],
      ] as const) {
        liar = via;
        await keep(await fetch(watched.url, { method: 'POST', headers, body: JSON.stringify({ query }) }));
      }
      await keep(await fetch(`${watched.adminUrl}/readyz`));
    }
    lie = undefined;
    for (const line of [
      `${authorization} x`,
      `Basic ${token}`,
      `${authorization},`,
      `Bearer\t${token}`,
      `${authorization}\n`,
      token,
    ]) {
      await keep(await sendRaw(writ.url, [`Authorization: ${line}`], '{ viewer { username } }'));
    }
    await keep(
      await sendRaw(`${writ.url}?access_token=${token}`, [`Cookie: t=${token}`], '{ viewer { username } }'),
    );
    for (const path of ['/healthz', '/readyz', '/metrics'])
      await keep(await fetch(writ.adminUrl + path, { headers }));
    await keep(await fetch(new URL('/', writ.url), { headers, redirect: 'manual' }));
    await keep(await fetch(writ.url, { method: 'PUT', headers }));
    await keep(await fetch(writ.url, { method: 'POST', headers, body: '{"query":' }));
  }

  it('was there to be leaked: operations ran, were refused and were logged', () => {
    const said = answers.join('\n');
    expect(said).toContain('"username":"alice"');
    expect(said).toContain('system:serviceaccount:demo:canary');
    for (const code of ['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT', 'CONFLICT', 'UNAVAILABLE']) {
      expect(said).toContain(code);
    }
    expect(logs()).toContain('privileged act');
    expect(leaks(`x ${UNKNOWN.slice(20, 40)} x`, UNKNOWN)).not.toEqual([]);
  });

  it.each(TOKENS)('(%s) is in no answer, header, log line or output', (_, tokenOf) => {
    const token = secretPart(tokenOf());
    expect(leaks(answers.join('\n'), token)).toEqual([]);
    expect(leaks(logs(), token)).toEqual([]);
    expect(leaks(printed.join(''), token)).toEqual([]);
  });

  it('that Writ minted for a run is in the run\u2019s Secret and nowhere else', async () => {
    const { body } = await admin.get('/api/v1/namespaces/demo/secrets');
    const secrets = body.items.filter((item: { data?: { token?: string } }) => item.data?.token);
    expect(secrets.length).toBeGreaterThan(0);
    const sessions = JSON.stringify((await admin.get(SESSIONS('demo'))).body);
    for (const { data } of secrets) {
      const runToken = Buffer.from(data.token, 'base64').toString();
      const own = secretPart(runToken);
      expect(own.length).toBeGreaterThan(40);
      for (const text of [answers.join('\n'), logs(), printed.join(''), sessions])
        expect(leaks(text, own)).toEqual([]);
    }
  });
});
