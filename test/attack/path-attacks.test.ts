import { assertInterfaceType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { encodeNodeId } from '../../src/graphql/relay/node-id.ts';
import { schema } from '../../src/graphql/schema.ts';
import type { RecordedRequest } from '../../src/sandbox/sandbox.ts';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { SESSIONS } from '../support/objects.ts';
import { codeOf, startWrit } from '../support/writ.ts';
import { type Coordinate, coordinates, operation } from './string-inputs.ts';

const ATTACKS = [
  '',
  ' ',
  '.',
  '..',
  '%2e%2e',
  '..%2f',
  '%00',
  'a/b',
  '/',
  'a\\b',
  'a\0b',
  'demo\n',
  'a\r\nHost: x',
  'demo?watch=true',
  'demo#',
  'UPPER',
  '\uff0e\uff0e',
  '\u212aube',
  '\ud800',
  'a-',
  'a'.repeat(254),
  'x'.repeat(65_536),
  '../research',
  '../../namespaces/research/agenticsessions',
  '*',
]; // prettier-ignore

/** Of these, for what reaches bodies alone: those that would climb, truncate or take long. */
const IN_TEXT = ['', '..', '%2e%2e', 'a/b', 'a\0b', 'demo?watch=true', 'x'.repeat(65_536), '../research'];

/** What is text or a word of RBAC: it reaches bodies alone, so that any value may be fine. All else is a path's. */
const TEXT =
  /\.(search|displayName|description|initialPrompt|idempotencyKey|value|key|branch|url|groupName|subjectName|provider|remove)$|^(Viewer\.can|(Project|AgenticSession|ScheduledSession)\.viewerCan)\.|^(Project|Subscription)\.sessions\.(labelSelector|filter\.runnerType)$|^Subscription\.\w+\.since$/;

/** What Writ may ask of the cluster for anything in the project demo, with `fields` as its query. */
const INTENDED = [
  /^\/apis\/(authorization|authentication)\.k8s\.io\/v1\/(selfsubjectaccessreviews|selfsubjectrulesreviews|selfsubjectreviews)$/,
  /^\/api\/v1\/namespaces(\/demo)?$/,
  // Whether there are projects of OpenShift, asked once.
  /^\/apis\/project\.openshift\.io\/v1$/,
  /^\/apis\/vteam\.ambient-code\/v1alpha1\/namespaces\/demo\/agenticsessions(\/[a-z0-9][a-z0-9.-]*(\/status)?)?$/,
  /^\/api\/v1\/namespaces\/demo\/(pods|events)(\/session-[a-z0-9-]+\/log)?$/,
  /^\/apis\/batch\/v1\/namespaces\/demo\/jobs$/,
  /^\/apis\/vteam\.ambient-code\/v1alpha1\/namespaces\/demo\/projectsettings(\/projectsettings)?$/,
  /^\/apis\/rbac\.authorization\.k8s\.io\/v1\/namespaces\/demo\/rolebindings(\/(writ-(member|settings)-[0-9a-f]{24}|access-key-[a-z0-9-]+))?$/,
  /^\/api\/v1\/namespaces\/demo\/serviceaccounts(\/access-key-[a-z0-9-]+(\/token)?)?$/,
  /^\/apis\/batch\/v1\/namespaces\/demo\/cronjobs(\/[a-z0-9][a-z0-9.-]*)?$/,
  /^\/apis\/rbac\.authorization\.k8s\.io\/v1\/namespaces\/demo\/roles$/,
  // The runner's keys, as the user.
  /^\/api\/v1\/namespaces\/demo\/secrets\/ambient-runner-secrets$/,
];
const PARAMETERS = new Set([
  'limit',
  'continue',
  'labelSelector',
  'fieldSelector',
  // Of a watch.
  'watch',
  'resourceVersion',
  'allowWatchBookmarks',
  'timeoutSeconds',
  'fieldManager',
  'tailLines',
  'limitBytes',
  'container',
]); // prettier-ignore
const REFUSALS = new Set(['BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT', 'QUERY_TOO_COMPLEX']);

/** Which requests are not on an intended path, in words. */
function strays(requests: RecordedRequest[]): string[] {
  return requests.flatMap(({ verb, path, resource }) => {
    const [pathname = '', search = ''] = path.split(/\?(.*)/s);
    const stray =
      verb === 'deletecollection' ||
      (verb === 'delete' &&
        !/\/((access-key-)?upgrade-postgres-client|writ-(member|settings)-[0-9a-f]{24})$/.test(path)) ||
      (verb === 'list' && resource !== 'namespaces' && !pathname.includes('/namespaces/demo/')) ||
      !INTENDED.some((intended) => intended.test(pathname)) ||
      [...new URLSearchParams(search).keys()].some((key) => !PARAMETERS.has(key));
    return stray ? [`${verb} ${path.slice(0, 200)}`] : [];
  });
}

describe('no text of a client becomes another path', () => {
  const writ = startWrit({ environment: SCHEDULE_SETTINGS });
  // The admin: what the path guard lets through, RBAC would not stop.
  const attack = (coordinate: Coordinate, value: string) =>
    writ.requestsDuring(() => {
      const { query, variables } = operation(coordinate, value);
      return writ.as('admin', query, variables);
    });

  it.each(
    coordinates().map((c) => [[c.type, c.field, ...c.path].join('.').replaceAll('.0', ''), c] as const),
  )('%s', async (name, coordinate) => {
    const isText = TEXT.test(name);
    for (const value of isText ? IN_TEXT : ATTACKS) {
      const { result, requests } = await attack(coordinate, value);
      const said = `${name} = ${JSON.stringify(value.slice(0, 80))}`;
      expect(strays(requests), said).toEqual([]);
      const codes = (result.errors ?? []).map(({ extensions }) => String(extensions.code));
      // Whoever calls it, it is for the pod of a schedule alone.
      const isForPods = name.startsWith('Mutation.runScheduledSession.');
      const unexpected = codes.filter((code) => !REFUSALS.has(code) && !(isForPods && code === 'FORBIDDEN'));
      expect(unexpected, `${said}: ${result.text.slice(0, 300)}`).toEqual([]);
      if (isText) continue;
      const isNothing = codes.length === 0 && hasOnlyNull(result.data);
      expect(codes.length > 0 || isNothing, `${said}: ${result.text}`).toBe(true);
    }
  });

  it('has deleted nothing with all that', async () => {
    const { body } = await writ.kubernetes('admin').get(SESSIONS('demo'));
    const names = body.items.map((item: { metadata: { name: string } }) => item.metadata.name);
    expect(names).toEqual(
      expect.arrayContaining(['fix-cart-rounding', 'upgrade-postgres-client', 'migrate-ci']),
    );
  });

  const nodeTypes = schema.getPossibleTypes(assertInterfaceType(schema.getType('Node')));
  it.each(nodeTypes.map(({ name }) => name))(
    'an id of type %s with a path in it is refused or names nothing',
    async (typename) => {
      for (const text of ATTACKS) {
        for (const place of ['namespace', 'name'] as const) {
          const good = { namespace: 'demo', name: 'demo', uid: 'x' };
          const id = encodeNodeId({ ...good, typename, [place]: text });
          const { result, requests } = await writ.requestsDuring(() =>
            writ.as('admin', 'query ($id: ID!) { node(id: $id) { id } }', { id }),
          );
          expect(strays(requests.filter(({ path }) => !/\/(jobs|pods|events)\/demo$/.test(path)))).toEqual(
            [],
          );
          expect(result.data?.node ?? null).toBeNull();
          expect(['BAD_USER_INPUT', undefined]).toContain(codeOf(result));
        }
      }
    },
  );

  it('a label selector stays one parameter, whatever it holds', async () => {
    const query =
      'query ($s: String) { project(name: "demo") { sessions(labelSelector: $s) { nodes { name } } } }';
    for (const s of [
      'team=platform&fieldSelector=metadata.name%3Dx',
      'team#',
      'a&limit=0&watch=true',
      '%26watch=1',
    ]) {
      const { result, requests } = await writ.requestsDuring(() => writ.as('admin', query, { s }));
      const lists = requests.filter(({ resource }) => resource === 'agenticsessions');
      for (const { verb, path } of lists) {
        const parameters = new URL(path, 'https://x').searchParams;
        expect([verb, parameters.getAll('labelSelector'), parameters.getAll('limit')]).toEqual([
          'list',
          [s],
          ['50'],
        ]);
        expect([...parameters.keys()]).toHaveLength(2);
      }
      expect([undefined, 'BAD_USER_INPUT']).toContain(codeOf(result));
      expect(lists).toHaveLength(1);
    }
  });

  it('a review is not asked, and not kept, about a name that is longer than any name', async () => {
    const query =
      'query ($n: String) { viewer { can(verb: "get", resource: "pods", name: $n) { allowed } } }';
    const answer = await writ.as('mallory', query, { n: 'x'.repeat(500_000) });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
  });
});

function hasOnlyNull(data: unknown): boolean {
  if (data === null || data === undefined) return true;
  return typeof data === 'object' && Object.values(data).every(hasOnlyNull);
}
