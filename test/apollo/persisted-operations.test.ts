import { gql } from '@apollo/client';
import { Subject } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { codesOf } from '../../examples/apollo/errors.ts';
import { followSessions } from '../../examples/apollo/live.ts';
import { CREATE_SESSION, LIST_PROJECTS, READ_SESSION } from '../../examples/apollo/operations.ts';
import { startWrit } from '../support/writ.ts';
import { clientOf, failOnWarnings } from './fixture.ts';

const MANIFEST = 'examples/apollo/generated/persisted-documents.json';
const READ = { query: READ_SESSION, variables: { project: 'demo', name: 'fix-cart-rounding' } };
const PATIENT = { timeout: 60_000, interval: 5 };
const AD_HOC = { query: gql`{ viewer { username } }` };

/** What was sent by HTTP, and over WebSockets. */
function watchSent() {
  const fetches = vi.spyOn(globalThis, 'fetch');
  const messages = vi.spyOn(WebSocket.prototype, 'send');
  onTestFinished(() => {
    fetches.mockRestore();
    messages.mockRestore();
  });
  return () =>
    [
      ...fetches.mock.calls.map(([, init]) => JSON.parse(String(init?.body))),
      ...messages.mock.calls.map(([message]) => JSON.parse(String(message))),
    ]
      .map((sent) => (sent.type === 'subscribe' ? sent.payload : sent))
      .filter(({ variables }) => variables !== undefined);
}

describe.each(['websocket', 'event-stream'] as const)(
  'the client of docs/persisted-operations.md, with subscriptions over %s',
  (subscriptions) => {
    const writ = startWrit({ environment: { WRIT_OPERATIONS_FILE: MANIFEST } });
    const other = startWrit();
    failOnWarnings();

    it('reads, writes and subscribes by hashes alone, and its cache finds what it has read', async () => {
      const sent = watchSent();
      const client = clientOf(writ, 'alice', { persisted: true, subscriptions });
      expect((await client.query(READ)).data?.session?.name).toBe('fix-cart-rounding');
      const input = { project: 'demo', name: `by-hash-${subscriptions}`, start: false };
      const { data } = await client.mutate({ mutation: CREATE_SESSION, variables: { input } });
      expect(data?.createSession?.session.name).toBe(input.name);
      const types: string[] = [];
      const following = followSessions(client, 'demo', new Subject()).subscribe(({ events }) =>
        types.push(...events.map(({ type }) => type)),
      );
      onTestFinished(() => following.unsubscribe());
      await expect.poll(() => types, PATIENT).toContain('SYNCED');
      const texts = sent().map(({ query, extensions }) => [query || '', extensions.persistedQuery.version]);
      expect(texts.length).toBeGreaterThanOrEqual(3);
      expect(texts.filter(([text, version]) => text !== '' || version !== 1)).toEqual([]);
      const before = sent().length;
      expect((await client.query(READ)).data?.session?.name).toBe('fix-cart-rounding');
      expect(sent().length).toBe(before);
    });

    it('sends documents to a server without a list, after the first hash', async () => {
      const client = clientOf(other, 'alice', { persisted: true, subscriptions });
      expect((await client.query(READ)).data?.session?.name).toBe('fix-cart-rounding');
      const types: string[] = [];
      const following = followSessions(client, 'demo', new Subject()).subscribe(({ events }) =>
        types.push(...events.map(({ type }) => type)),
      );
      onTestFinished(() => following.unsubscribe());
      await expect.poll(() => types, PATIENT).toContain('SYNCED');
    });

    it('a client without hashes may send what is listed, and nothing else', async () => {
      const client = clientOf(writ, 'alice', { subscriptions });
      expect((await client.query({ query: LIST_PROJECTS })).data?.projects?.edges).not.toEqual([]);
      const refused = await client.query(AD_HOC).catch((error: unknown) => error);
      expect(codesOf(refused)).toEqual(['FORBIDDEN']);
    });
  },
);
