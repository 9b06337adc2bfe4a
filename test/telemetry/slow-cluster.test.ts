import { describe, expect, it } from 'vitest';
import { holdCalls } from '../attack/availability/held-calls.ts';
import { eventually } from '../support/eventually.ts';
import { scrape } from '../support/metrics-page.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';

const PAGE = '{ project(name: "demo") { sessions { nodes { name } } } }';
const isList = ({ method, path }: { method: string; path: string }) =>
  method === 'GET' && path.includes('/agenticsessions');
const OPERATIONS = 'writ_graphql_operations_total';
const CALLS = 'writ_kubernetes_requests_total';
const LIST = { verb: 'list', resource: 'agenticsessions' };

describe('the metrics of the API on a cluster that is slow', () => {
  const writ = startProxiedWrit({
    environment: { WRIT_USER_CONCURRENT_CALLS: '2', WRIT_USER_CONCURRENT_REQUESTS: '10' },
  });
  const page = () => scrape(writ.adminUrl);

  it('have what is running and what is queued, and afterwards how long it has waited', async () => {
    const calls = holdCalls(isList);
    writ.proxy.set(calls.rule);
    const slow = Array.from({ length: 5 }, () => writ.as('victor', PAGE));
    await calls.until(2);
    await eventually(async () => {
      const { value } = await page();
      expect(value('writ_scheduler_running', { scheduler: 'users' })).toBe(2);
      expect(value('writ_scheduler_queued', { scheduler: 'users' })).toBe(3);
      expect(value('writ_scheduler_running', { scheduler: 'requests' })).toBe(5);
      expect(value('writ_kubernetes_connections', { pool: 'users', state: 'running' })).toBe(2);
      expect(value('writ_memory_budget_used_bytes')).toBeGreaterThan(0);
    });
    calls.releaseAll();
    await Promise.all(slow);
    await eventually(async () => {
      const { value } = await page();
      expect(value('writ_scheduler_running')).toBe(0);
      expect(value('writ_scheduler_queued')).toBe(0);
      expect(value(CALLS, { ...LIST, code: '200', identity: 'user' })).toBe(5);
      expect(value('writ_scheduler_wait_seconds_sum', { scheduler: 'users' })).toBeGreaterThan(0);
    });
  });

  it('count a query whose client leaves as ABORTED, and not as an error of Writ or of the cluster', async () => {
    const calls = holdCalls(isList);
    writ.proxy.set(calls.rule);
    const leaving = new AbortController();
    const { token } = writ.sandbox.identities.victor;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ query: PAGE });
    const left = fetch(writ.url, { method: 'POST', headers, body, signal: leaving.signal });
    await calls.until(1);
    leaving.abort();
    await expect(left).rejects.toThrow('aborted');
    await eventually(async () => {
      const { value } = await page();
      expect(value(OPERATIONS, { operation_type: 'query', code: 'ABORTED' })).toBe(1);
      expect(value(OPERATIONS, { code: 'TIMEOUT' })).toBe(0);
      const unanswered = { http_request_method: 'POST', http_response_status_code: '' };
      expect(value('http_server_request_duration_seconds_count', unanswered)).toBe(1);
      // After a moment, for which it could still be of use.
      expect(value(CALLS, { ...LIST, code: 'aborted' })).toBe(1);
      expect(value(CALLS, { code: 'error' })).toBe(0);
    });
    calls.releaseAll();
  });

  it('count each attempt of a call that fails, by its status', async () => {
    writ.proxy.set((request, forward) =>
      isList(request) ? { status: 503, body: { kind: 'Status', code: 503 } } : forward(),
    );
    const { errors } = await writ.as('victor', PAGE);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    const { value } = await page();
    expect(value(CALLS, { ...LIST, code: '503' })).toBe(3);
    expect(value(OPERATIONS, { operation_type: 'query', code: 'UNAVAILABLE' })).toBe(1);
  });

  it('count a review that fails as one without a decision', async () => {
    writ.proxy.set(({ path }, forward) =>
      path.endsWith('/selfsubjectaccessreviews') ? { status: 500, body: {} } : forward(),
    );
    const query = '{ project(name: "demo") { viewerCan(verb: "create") } }';
    expect((await writ.as('victor', query)).errors).toHaveLength(1);
    const { value } = await page();
    expect(value('writ_access_reviews_total', { purpose: 'display', decision: 'error' })).toBe(1);
  });
});

describe('the metrics of the API on a cluster that does not answer', () => {
  const writ = startProxiedWrit({ environment: { WRIT_CALL_TIMEOUT_MS: '2000' } });

  it('count the call as an error, and the operation as TIMEOUT', async () => {
    const calls = holdCalls(isList);
    writ.proxy.set(calls.rule);
    expect((await writ.as('victor', PAGE)).errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
    await eventually(async () => {
      const { value } = await scrape(writ.adminUrl);
      expect(value(OPERATIONS, { code: 'TIMEOUT' })).toBe(1);
      expect(value(CALLS, { ...LIST, code: 'error' })).toBeGreaterThan(0);
      expect(value(CALLS, { code: 'aborted' })).toBe(0);
    });
    calls.releaseAll();
  });
});
