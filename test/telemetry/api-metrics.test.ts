import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type MetricsPage, scrape } from '../support/metrics-page.ts';
import { RBAC } from '../support/objects.ts';
import { allow, putProject } from '../support/put-objects.ts';
import { putSchedule, RUN_SCHEDULED_SESSION } from '../support/schedules.ts';
import { openSocketStream } from '../support/socket-stream.ts';
import { startWrit } from '../support/writ.ts';
import { asDocumented, documentedMetrics } from './documented-metrics.ts';

const OPERATIONS = 'writ_graphql_operations_total';
const CALLS = 'writ_kubernetes_requests_total';
const PROJECT = 'measured';
const CREATE = `mutation CreateSession($input: CreateSessionInput!) {
  createSession(input: $input) { session { name } }
}`;
const FOLLOW = `subscription SessionEvents { sessions(project: "${PROJECT}") { events { type } } }`;

describe("the API's metrics", () => {
  const writ = startWrit({
    sandbox: { demo: false },
    subscriptions: { access: { everyMs: 20, confirmMs: 20, patienceMs: 60_000 } },
  });
  const page = () => scrape(writ.adminUrl);
  beforeAll(() => putProject(writ.kubernetes('admin'), PROJECT));

  /** How much a counter has grown. */
  async function growth(act: () => Promise<unknown>) {
    const before = await page();
    await act();
    const after = await page();
    return (name: string, labels: Record<string, string> = {}) =>
      after.value(name, labels) - before.value(name, labels);
  }

  /** A request counts when its connection is free, which the client does not see. */
  const untilEnded = (requests: number, before: MetricsPage) =>
    eventually(async () => {
      const name = 'http_server_request_duration_seconds_count';
      expect((await page()).value(name) - before.value(name)).toBe(requests);
    });

  it('are text for Prometheus, with those of the process and of the version', async () => {
    const response = await fetch(`${writ.adminUrl}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const { value } = await page();
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(value('writ_build_info', { version: '0.1.0' })).toBe(1);
  });

  it('count operations by name, type and code, and requests by method and status', async () => {
    const before = await page();
    const grown = await growth(async () => {
      await writ.as('alice', 'query ListProjects { projects { nodes { name } } }');
      await writ.as('alice', '{ viewer { username } }');
      await writ.as('alice', 'query MyOwnName { viewer { username } }');
      await writ.as('alice', '{ nothing }');
      await writ.as(
        'alice',
        '{ project(name: "absent") { sessions { nodes { name } } } viewer { username } }',
      );
      await writ.as('mallory', CREATE, { input: { project: PROJECT, name: 'denied' } });
      await writ.post({ query: '{ viewer { username } }' });
      await fetch(writ.url, { method: 'DELETE' });
      await fetch(new URL('/elsewhere', writ.url));
      await untilEnded(9, before);
    });
    const operations = (operation_name: string, operation_type: string, code: string) =>
      grown(OPERATIONS, { operation_name, operation_type, code });
    expect(operations('ListProjects', 'query', 'OK')).toBe(1);
    expect(operations('other', 'query', 'OK')).toBe(1);
    expect(operations('', 'query', 'OK')).toBe(2);
    expect(operations('', 'query', 'GRAPHQL_VALIDATION_FAILED')).toBe(1);
    expect(operations('CreateSession', 'mutation', 'FORBIDDEN')).toBe(1);
    expect(operations('', 'unknown', 'UNAUTHENTICATED')).toBe(1);
    expect(operations('', 'unknown', 'BAD_REQUEST')).toBe(1);
    expect(grown(OPERATIONS)).toBe(8);
    expect(grown('writ_graphql_operation_duration_seconds_count', { operation_type: 'query' })).toBe(5);
    const requests = (http_request_method: string, http_response_status_code: string) =>
      grown('http_server_request_duration_seconds_count', { http_request_method, http_response_status_code });
    expect(requests('POST', '401')).toBe(1);
    expect(requests('DELETE', '405')).toBe(1);
    expect(requests('GET', '404')).toBe(1);
  });

  it('measure bodies as they were sent', async () => {
    const before = await page();
    const body = JSON.stringify({ query: '{ viewer { username } }' });
    let bytes = 0;
    const grown = await growth(async () => {
      bytes = Buffer.byteLength((await writ.as('alice', '{ viewer { username } }')).text);
      await untilEnded(1, before);
    });
    const labels = { http_request_method: 'POST' };
    expect(grown('http_server_request_body_size_bytes_sum', labels)).toBe(body.length);
    expect(grown('http_server_response_body_size_bytes_sum', labels)).toBe(bytes);
  });

  it('count a mutation with its reviews and acts', async () => {
    const { sandbox } = writ;
    const from = sandbox.requests.length;
    const grown = await growth(async () => {
      const input = { project: PROJECT, name: 'counted', initialPrompt: 'Do it' };
      expect((await writ.as('alice', CREATE, { input })).errors).toBeUndefined();
      await writ.as('mallory', CREATE, { input });
      // Its name is taken.
      await writ.as('alice', CREATE, { input });
    });
    const reviews = (purpose: string, decision: string) =>
      grown('writ_access_reviews_total', { purpose, decision });
    expect(reviews('mutation', 'allowed')).toBe(2);
    expect(reviews('mutation', 'denied')).toBe(1);
    const acts = (act: string, outcome: string) =>
      grown('writ_privileged_acts_total', { grant: 'createSession', act, outcome });
    expect(acts('createSession', 'done')).toBe(1);
    expect(acts('createSession', 'failed')).toBe(1);
    expect(acts('createRunObject', 'done')).toBe(5);
    const written = sandbox.requests.slice(from).filter(({ user }) => user.endsWith(':writ-api'));
    expect(grown('writ_privileged_acts_total')).toBe(written.length);
    expect(grown(CALLS, { identity: 'backend' })).toBe(written.length);
    expect(grown(CALLS, { verb: 'create', resource: 'jobs', code: '201', identity: 'backend' })).toBe(1);
    expect(grown(CALLS, { verb: 'create', resource: 'serviceaccounts/token', identity: 'backend' })).toBe(1);
    expect(grown('writ_scheduler_wait_seconds_count', { scheduler: 'backend' })).toBe(written.length);
  });

  it("count the review of a schedule's owner", async () => {
    const schedule = await putSchedule(writ.sandbox, PROJECT, 'nightly');
    const input = { project: PROJECT, name: schedule.name, job: schedule.job() };
    const grown = await growth(() =>
      writ.post(
        { query: RUN_SCHEDULED_SESSION, variables: { input } },
        { authorization: `Bearer ${schedule.token}` },
      ),
    );
    expect(grown('writ_access_reviews_total', { purpose: 'owner', decision: 'allowed' })).toBe(1);
  });

  it('count a review for display once while it is cached', async () => {
    const query = `{ project(name: "${PROJECT}") { viewerCan(verb: "delete") } }`;
    const grown = await growth(async () => {
      for (let time = 0; time < 3; time += 1) await writ.as('victor', query);
    });
    expect(grown('writ_access_reviews_total', { purpose: 'display' })).toBe(1);
    expect(grown('writ_cache_requests_total', { cache: 'reviews', result: 'hit' })).toBe(2);
    expect(grown('writ_cache_requests_total', { cache: 'documents', result: 'hit' })).toBe(2);
    expect(grown('writ_cache_requests_total', { cache: 'subjects', result: 'hit' })).toBeGreaterThanOrEqual(
      2,
    );
    const { value } = await page();
    for (const cache of ['subjects', 'token_users', 'reviews', 'documents']) {
      expect(value('writ_cache_entries', { cache })).toBeGreaterThan(0);
      expect(value('writ_cache_bytes', { cache })).toBeGreaterThan(0);
    }
    await writ.post({ query }, { authorization: 'Bearer not-a-token' });
    expect((await page()).value('writ_cache_entries', { cache: 'rejected_tokens' })).toBe(1);
  });

  it('count a subscription once, at its end, and not its events', async () => {
    const before = await page();
    const live = await writ.subscribe('alice', FOLLOW);
    const socket = openSocketStream(writ.url, { query: FOLLOW }, writ.sandbox.identities.alice.token);
    const grown = await growth(async () => {
      await live.next();
      await socket.next();
      await writ.as('alice', CREATE, { input: { project: PROJECT, start: false } });
      await live.next();
      await eventually(async () => {
        const { value } = await page();
        expect(value('writ_subscriptions')).toBe(2);
        // Both have the same token and selection.
        expect(value('writ_watches')).toBe(1);
        expect(value('writ_websockets')).toBe(1);
        expect(value('writ_kubernetes_connections', { pool: 'streams', state: 'connected' })).toBe(1);
        const reviews = { purpose: 'subscription', decision: 'allowed' };
        expect(value('writ_access_reviews_total', reviews)).toBeGreaterThan(1);
      });
    });
    const ended = { operation_name: 'SessionEvents', operation_type: 'subscription', code: 'OK' };
    expect(grown(OPERATIONS, ended)).toBe(0);
    live.close();
    socket.close();
    await eventually(async () => {
      const after = await page();
      expect(after.value(OPERATIONS, ended) - before.value(OPERATIONS, ended)).toBe(2);
      expect(after.value('writ_subscriptions_ended_total', { code: 'OK' })).toBe(2);
      expect(after.value('writ_subscriptions')).toBe(0);
      expect(after.value('writ_watches')).toBe(0);
      expect(after.value('writ_websockets')).toBe(0);
    });
  });

  it('say why a subscription has ended', async () => {
    const admin = writ.kubernetes('admin');
    const resources = ['agenticsessions'];
    const right = { apiGroups: ['vteam.ambient-code'], resources, verbs: ['list', 'watch', 'get'] };
    await allow(admin, PROJECT, 'mallory', [right]);
    const live = await writ.subscribe('mallory', FOLLOW);
    await live.next();
    const bindings = RBAC(PROJECT, 'rolebindings');
    for (const { metadata, subjects } of (await admin.get(bindings)).body.items) {
      if (subjects[0].name === 'mallory') await admin.must('DELETE', `${bindings}/${metadata.name}`);
    }
    await eventually(async () =>
      expect((await page()).value('writ_subscriptions_ended_total', { code: 'FORBIDDEN' })).toBe(1),
    );
    const denied = { purpose: 'subscription', decision: 'denied' };
    expect((await page()).value('writ_access_reviews_total', denied)).toBeGreaterThanOrEqual(2);
  });

  it('have every request that the API server has got, by verb, resource, code and identity', async () => {
    const own = writ.sandbox.requests.filter(({ userAgent }) => userAgent?.startsWith('writ/'));
    expect(own.length).toBeGreaterThan(50);
    const sent = new Map<string, number>();
    for (const { verb, resource, subresource, status, user } of own) {
      const identity = user.endsWith(':writ-api') ? 'backend' : 'user';
      const what = [verb, subresource ? `${resource}/${subresource}` : resource, status, identity].join(' ');
      sent.set(what, (sent.get(what) ?? 0) + 1);
    }
    const counted = (await page())
      .find(CALLS)
      .map(({ labels: { verb, resource, code, identity }, value }) => [
        [verb, resource, code, identity].join(' '),
        value,
      ]);
    // The cluster's record has no resource for these.
    const isRecorded = (what: unknown) => !/^get (|version|apiresources) /.test(String(what));
    expect(Object.fromEntries(counted.filter(([what]) => isRecorded(what)))).toEqual(
      Object.fromEntries([...sent].filter(([what]) => isRecorded(what))),
    );
    expect((await page()).find(CALLS, { resource: 'other' })).toEqual([]);
    expect((await page()).find(CALLS, { verb: 'other' })).toEqual([]);
  });

  it('are those of docs/metrics.md', async () => {
    expect(documentedMetrics('api').length).toBeGreaterThan(20);
    expect(asDocumented(await page())).toEqual(documentedMetrics('api'));
  });
});

describe('with small limits', () => {
  const writ = startWrit({
    environment: {
      WRIT_USER_CONCURRENT_REQUESTS: '1',
      WRIT_USER_QUEUED_CALLS: '1',
      WRIT_MEMORY_BYTES: '4096',
    },
  });

  it('what is refused counts by scheduler and reason, and so does what finds no memory', async () => {
    const many = Array.from({ length: 20 }, () =>
      writ.as('alice', '{ project(name: "demo") { sessions { nodes { name initialPrompt } } } }'),
    );
    const codes = (await Promise.all(many)).flatMap(({ errors = [] }) =>
      errors.map(({ extensions }) => extensions.code),
    );
    expect(codes).toContain('TOO_MANY_REQUESTS');
    const { value } = await scrape(writ.adminUrl);
    expect(value('writ_scheduler_rejected_total', { scheduler: 'requests', reason: 'user' })).toBeGreaterThan(
      0,
    );
    expect(value('writ_scheduler_rejected_total', { reason: 'process' })).toBe(0);
    expect(value('writ_memory_budget_bytes')).toBe(4096);
    expect(value('writ_memory_budget_rejected_total')).toBeGreaterThan(0);
  });
});
