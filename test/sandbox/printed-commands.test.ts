import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UpstreamCall } from '../../src/kubernetes/call-trace.ts';
import { kubeconfig } from '../../src/sandbox/kubeconfig.ts';
import type { RecordedRequest } from '../../src/sandbox/sandbox.ts';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { eventually } from '../support/eventually.ts';
import { hasKubectl } from '../support/kubectl.ts';
import { putSession } from '../support/put-objects.ts';
import { startTestCluster, type Who } from '../support/test-cluster.ts';
import { callsOf } from '../support/upstream.ts';
import { startWritOn } from '../support/writ.ts';

const run = promisify(execFile);
/** The first version with all flags that are printed: `--output-watch-events`, `get --subresource` and others. */
const MINIMUM_MINOR = 28;
const EXPIRES_AT = new Date(Date.now() + 86_400_000).toISOString();

describe.runIf(hasKubectl(MINIMUM_MINOR, 'printed commands'))('a printed command, run with kubectl', () => {
  const sandbox = startTestCluster();
  const writ = startWritOn(sandbox, {
    reviews: { allowMs: 0, denyMs: 0 },
    environment: { WRIT_DEVELOPER_TRACE: 'true', ...SCHEDULE_SETTINGS },
    kubectlContexts: () =>
      new Map(Object.entries(sandbox.identities).map(([context, { username }]) => [username, context])),
  });
  let directory: string;
  const environment = () => ({ ...process.env, KUBECONFIG: join(directory, 'kubeconfig'), HOME: directory });

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'writ-printed-'));
    const tokens = Object.entries(sandbox.identities).map(([name, { token }]) => [name, token]);
    const text = kubeconfig(sandbox.server, sandbox.ca, Object.fromEntries(tokens));
    writeFileSync(join(directory, 'kubeconfig'), text, { mode: 0o600 });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** What a request is about. */
  const subjectOf = ({ user, verb, group, resource, subresource, namespace, name, path }: RecordedRequest) =>
    resource
      ? { user, verb, group, resource, subresource, namespace, ...(verb !== 'create' && { name }) }
      : { user, path };

  /** Runs the command, and returns the requests of kubectl. It fails where the original call failed, or has been made. */
  async function requestsOf(command: string): Promise<{ requests: RecordedRequest[]; stdout: string }> {
    const before = sandbox.requests.length;
    const { stdout } = await run('sh', ['-c', command], { env: environment() }).catch(
      (error: { stdout: string }) => error,
    );
    return { requests: sandbox.requests.slice(before), stdout };
  }

  it.each<[string, Who, string]>([
    [
      'a page',
      'alice',
      '{ project(name: "demo") { sessions(first: 2, labelSelector: "team notin (\'x\')") { nodes { name } } } }',
    ],
    [
      'a page by a selector',
      'alice',
      '{ project(name: "demo") { sessions(first: 2, labelSelector: "team notin (x,y)") { pageInfo { endCursor } } } }',
    ],
    [
      'nested fields',
      'alice',
      '{ session(project: "demo", name: "fix-cart-rounding") { job { name } pods { name } events { message } logs(tailLines: 2) viewerCan(verb: "update") } }',
    ],
    ['what is denied', 'mallory', '{ session(project: "demo", name: "fix-cart-rounding") { name } }'],
    ['projects', 'victor', '{ projects(first: 5) { nodes { name viewerRole } } }'],
    [
      'reviews',
      'alice',
      `{ viewer {
        a: can(verb: "get", resource: "pods", subresource: "log", namespace: "demo", name: "x") { allowed }
        b: can(verb: "create", resource: "projectrequests", group: "project.openshift.io") { allowed }
        c: can(verb: "get", resource: "secrets; id", namespace: "demo", name: "$(id)") { allowed }
      } }`,
    ],
    [
      'a new session',
      'alice',
      'mutation { createSession(input: {project: "demo", name: "printed"}) { session { name } } }',
    ],
    [
      'a change',
      'alice',
      'mutation { updateSession(input: {project: "demo", name: "migrate-ci", displayName: "It\'s new"}) { session { name } } }',
    ],
    ['a stop', 'alice', 'mutation { stopSession(project: "demo", name: "printed") { session { name } } }'],
    ['a deletion', 'admin', 'mutation { deleteSession(project: "demo", name: "printed") { deletedId } }'],
    [
      'a new project',
      'admin',
      'mutation { createProject(input: {name: "printed"}) { project { name } } deleteProject(name: "printed") { deletedId } }',
    ],
    [
      'members and keys',
      'admin',
      `mutation {
        grantAccess(input: {project: "demo", subjectKind: GROUP, subjectName: "it's us", role: VIEW}) { __typename }
        revokeAccess(input: {project: "demo", subjectKind: GROUP, subjectName: "it's us"}) { __typename }
        createAccessKey(input: {project: "demo", name: "printed", role: VIEW, expiresAt: "${EXPIRES_AT}"}) { __typename }
        updateRunnerSecrets(input: {project: "demo", set: [{key: "KEY", value: "value"}]}) { __typename }
      }`,
    ],
    [
      'a schedule',
      'alice',
      `mutation {
        createScheduledSession(input: {project: "demo", name: "printed", schedule: "0 3 * * *", session: {}}) { __typename }
        suspendScheduledSession(project: "demo", name: "printed") { __typename }
      }`,
    ],
    [
      'the deletion of a schedule',
      'alice',
      'mutation { deleteScheduledSession(project: "demo", name: "printed") { __typename } }',
    ],
  ])('makes the same request: %s', async (_, who, query) => {
    const calls = callsOf(await writ.as(who, query));
    const originals = new Map(sandbox.requests.map((request) => [request.auditId, request]));
    expect(calls.length).toBeGreaterThan(1);
    for (const call of calls) {
      const original = originals.get(call.auditId);
      if (!original) throw new Error(`the cluster has not got ${call.auditId}`);
      if (isRepeated(call)) continue;
      const { requests } = await requestsOf(call.command);
      // kubectl reads what it patches.
      const runsAs = call.identity === 'backend' && call.verb === 'patch' ? 'admin' : original.user;
      expect(requests.map(subjectOf), call.command).toContainEqual(subjectOf({ ...original, user: runsAs }));
      if (original.method !== 'GET' && !original.resource.includes('review')) continue;
      expect(requests.at(-1)?.status, call.command).toBe(original.status);
    }
  });

  const known = new Set<string>();
  /** Whether a command of the kind was run before: each takes a while. */
  function isRepeated({ identity, command }: UpstreamCall): boolean {
    const [line = ''] = command.split('\n').filter((each) => !each.startsWith('#'));
    const kind = `${identity} ${command.startsWith('#')} ${line.replaceAll(/'[^']*'|[^ ]*\d[^ ]*/g, 'x')}`;
    if (known.has(kind)) return true;
    known.add(kind);
    return false;
  }

  it('asks the same questions, and has the same answers', async () => {
    const query = `{ viewer {
      a: can(verb: "create", resource: "agenticsessions", group: "vteam.ambient-code", namespace: "demo") { allowed }
      b: can(verb: "get", resource: "secrets", namespace: "demo", name: "x") { allowed }
      c: can(verb: "list", resource: "namespaces") { allowed }
    } }`;
    const calls = callsOf(await writ.as('alice', query)).filter(({ resource }) =>
      resource?.includes('access'),
    );
    const answers = (requests: RecordedRequest[]) =>
      requests.flatMap(({ body }) => {
        const { spec, status } = (body ?? {}) as {
          spec?: { resourceAttributes?: object };
          status?: { allowed?: boolean };
        };
        if (!spec?.resourceAttributes) return [];
        return [{ group: '', ...spec.resourceAttributes, allowed: status?.allowed }];
      });
    const ids = calls.map(({ auditId }) => auditId);
    const asked = answers(sandbox.requests.filter(({ auditId = '' }) => ids.includes(auditId)));
    expect(asked).toHaveLength(3);
    for (const { command } of calls) {
      const [answer] = answers((await requestsOf(command)).requests);
      expect(asked).toContainEqual(answer);
      asked.splice(
        asked.findIndex((each) => isDeepStrictEqual(each, answer)),
        1,
      );
    }
    expect(asked).toEqual([]);
  });

  it('reads the same objects', async () => {
    const query =
      '{ project(name: "demo") { sessions(first: 3, labelSelector: "team in (shop, data)") { nodes { name } } } }';
    const result = await writ.as('alice', query);
    const list = callsOf(result).find(
      ({ verb, resource }) => verb === 'list' && resource === 'agenticsessions',
    );
    const { stdout } = await requestsOf(list?.command ?? '');
    const names = JSON.parse(stdout).items.map(
      ({ metadata }: { metadata: { name: string } }) => metadata.name,
    );
    expect(names).toEqual(
      expect.arrayContaining(result.data.project.sessions.nodes.map(({ name }: { name: string }) => name)),
    );
  });

  it.each([
    ['watches', 'subscription { sessions(project: "demo") { events { type } } }', 'watch'],
    [
      'follows a log',
      'subscription { sessionLogs(project: "demo", name: "fix-cart-rounding") { lines { text } } }',
      'log',
    ],
  ])('%s', async (_, query, kind) => {
    const stream = await writ.subscribe('alice', query);
    const isOfKind = ({ verb, subresource }: Pick<UpstreamCall, 'verb' | 'subresource'>) =>
      verb === kind || subresource === kind;
    let call = callsOf(await stream.next()).find(isOfKind);
    for (let n = 0; !call; n += 1) {
      // The next event, if the call has not ended before the last one was sent.
      if (kind === 'watch') await putSession(sandbox.as('admin'), 'demo', `watched-${n}`);
      call = callsOf(await stream.next()).find(isOfKind);
    }
    stream.close();
    const before = sandbox.requests.length;
    const { auditId, command } = call;
    const original = sandbox.requests.find((request) => request.auditId === auditId);
    const running = spawn('sh', ['-c', `exec ${command}`], { env: environment(), stdio: 'ignore' });
    await eventually(() =>
      expect(sandbox.requests.slice(before).map(subjectOf)).toContainEqual(
        subjectOf(original as RecordedRequest),
      ),
    );
    running.kill();
  });
});
