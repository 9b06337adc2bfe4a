import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors.ts';
import { TRANSPORT_CODES } from '../../src/http/client-error.ts';
import { type MetricsPage, scrape } from '../support/metrics-page.ts';
import { openRawRequest } from '../support/raw-request.ts';
import { startWrit } from '../support/writ.ts';

const NAME = 'S3cretName';
const METHODS = ['PROPFIND', 'MKCOL', 'PURGE', 'LINK', 'QUERY', 'REPORT'];

/** What a client could change of a page: each time series, without its value. */
const seriesOf = ({ samples }: MetricsPage) =>
  samples
    .filter(({ name }) => !/^(process|nodejs)_/.test(name))
    .map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`);

describe('a client', () => {
  const writ = startWrit();
  const page = () => scrape(writ.adminUrl);

  /** Everything that a client chooses, with a part that is new each time. */
  async function attack(n: number): Promise<void> {
    const mark = `${NAME}${n}`;
    const lower = mark.toLowerCase();
    const { token } = writ.sandbox.identities.alice;
    const authorization = `Bearer ${token}`;
    const post = (body: object, headers: Record<string, string> = {}) =>
      writ.post(body, { authorization, accept: 'application/json', ...headers });
    await post({ query: `query ${mark} { viewer { username } }` });
    await post({
      query: `query a { viewer { username } } query ${mark} { viewer { username } }`,
      operationName: mark,
    });
    await post({ query: `query a { viewer { username } }`, operationName: mark });
    await post({ query: `subscription ${mark} { sessions(project: "demo") { events { type } } }` });
    await post({ query: `{ ${mark} }` });
    await post({ query: `{ ${mark}: viewer { username } }` });
    await post({ query: `fragment ${mark} on Viewer { username } { viewer { ...${mark} } }` });
    await post({ query: `{ project(name: "${lower}") { sessions { nodes { name } } } }` });
    await post({ query: `{ session(project: "demo", name: "${lower}") { name logs } }` });
    await post({
      query: `{ viewer { can(verb: "${lower}", resource: "${lower}", group: "${lower}.io", namespace: "${lower}") { allowed } } }`,
    });
    await post({ query: `{ project(name: "demo") { viewerCan(verb: "${lower}") } }` });
    await post({
      query: 'mutation ($i: CreateSessionInput!) { createSession(input: $i) { session { name } } }',
      variables: {
        i: { project: 'demo', name: lower, displayName: mark, initialPrompt: mark, start: false },
      },
    });
    await post({
      query: '{ viewer { username } }',
      extensions: { persistedQuery: { sha256Hash: mark }, code: mark },
    });
    await post(
      { query: '{ viewer { username } }' },
      { 'x-request-id': mark, 'user-agent': mark, traceparent: mark },
    );
    await writ.post({ query: '{ viewer { username } }' }, { authorization: `Bearer ${mark}` });
    await writ.post({ query: '{ viewer { username } }' }, { authorization: mark });
    await fetch(new URL(`/${mark}?${mark}=${mark}`, writ.url));
    await fetch(`${writ.url}?query={${mark}}&operationName=${mark}`, { headers: { authorization } });
    for (const method of [...METHODS, 'DELETE', 'OPTIONS'])
      await fetch(writ.url, { method, headers: { authorization } });
    // Not valid HTTP, in several ways.
    for (const header of [`${mark} : x`, `Host: ${mark}`, `Content-Length: ${n}`]) {
      const raw = await openRawRequest(writ.url, { token, headers: [header, 'Connection: close'] });
      await raw.closed;
    }
  }

  it('adds no time series by what it sends, and puts none of it on the page', async () => {
    for (const n of [1, 2]) await attack(n);
    const before = await page();
    for (let n = 3; n < 6; n += 1) await attack(n);
    const after = await page();
    const calls = 'writ_graphql_operations_total';
    expect(after.value(calls) - before.value(calls)).toBeGreaterThan(40);
    expect(seriesOf(after)).toEqual(seriesOf(before));
    expect(after.text.toLowerCase()).not.toContain(NAME.toLowerCase());
  });

  it('is not on the page, nor is its token or its user', async () => {
    const { text } = await page();
    for (const { token, username } of Object.values(writ.sandbox.identities)) {
      expect(text).not.toContain(token);
      // As a value of a label, for some are words of Kubernetes.
      expect(text).not.toContain(`"${username}"`);
    }
    for (const word of ['alice', 'mallory', 'demo', 'Bearer', writ.sandbox.server, '127.0.0.1']) {
      expect(text).not.toContain(word);
    }
  });

  it('meets closed lists of values', async () => {
    const after = await page();
    const valuesOf = (name: string, label: string) =>
      new Set(after.find(name).map(({ labels }) => labels[label]));
    const within = (values: Set<string | undefined>, allowed: readonly string[]) =>
      expect([...values].filter((value) => !allowed.includes(value ?? ''))).toEqual([]);
    const operations = 'writ_graphql_operations_total';
    within(valuesOf(operations, 'operation_name'), ['', 'other']);
    within(valuesOf(operations, 'operation_type'), ['query', 'mutation', 'subscription', 'unknown']);
    within(valuesOf(operations, 'code'), ['OK', 'ABORTED', ...ERROR_CODES, ...TRANSPORT_CODES]);
    const methods = valuesOf('http_server_request_duration_seconds_count', 'http_request_method');
    within(methods, ['GET', 'POST', 'DELETE', 'OPTIONS', '_OTHER']);
    expect(methods).toContain('_OTHER');
    const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
    within(valuesOf('writ_kubernetes_requests_total', 'verb'), verbs);
    expect(valuesOf('writ_kubernetes_requests_total', 'resource')).not.toContain('other');
  });

  it('cannot reach the page through the API', async () => {
    const response = await fetch(new URL('/metrics', writ.url));
    expect(response.status).toBe(404);
  });
});
