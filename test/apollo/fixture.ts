import type { ApolloClient } from '@apollo/client';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, type MockInstance, onTestFinished, vi } from 'vitest';
import { type ClientOptions, createClient } from '../../examples/apollo/client.ts';
import { readMore, watchSessions } from '../../examples/apollo/sessions.ts';
import { putProject, putSessions } from '../support/put-objects.ts';
import type { Who } from '../support/test-cluster.ts';
import type { startWrit } from '../support/writ.ts';

type Writ = Pick<ReturnType<typeof startWrit>, 'url' | 'sandbox' | 'kubernetes'>;

/** A client of docs/apollo.md, for one test. */
export function clientOf(writ: Writ, who: Who, options: Partial<ClientOptions> = {}): ApolloClient {
  const getToken = () => writ.sandbox.identities[who].token;
  const client = createClient({ uri: writ.url, getToken, ...options });
  onTestFinished(() => client.stop());
  return client;
}

/** What Apollo Client says about a cache that would lose data is a failure of the test. */
export function failOnWarnings(): void {
  let spies: MockInstance[] = [];
  beforeEach(() => {
    spies = (['warn', 'error'] as const).map((method) => vi.spyOn(console, method));
  });
  afterEach(() => {
    const said = spies.flatMap(({ mock }) => mock.calls);
    for (const spy of spies) spy.mockRestore();
    expect(said).toEqual([]);
  });
}

let projects = 0;

/** A list that is watched, of a project of its own with sessions of these names. */
export async function watchList(
  writ: Writ,
  sessions: string[],
  first?: number,
  options: Partial<ClientOptions> = {},
) {
  projects += 1;
  const project = `apollo-${projects}`;
  await putProject(writ.kubernetes('admin'), project);
  await putSessions(writ.kubernetes('admin'), project, sessions);
  const client = clientOf(writ, 'admin', options);
  const list = watchSessions(client, project, first);
  const shown = list.subscribe(() => {});
  onTestFinished(() => shown.unsubscribe());
  /** What was read reaches those who watch the list a little later. */
  const settled = () => firstValueFrom(list.pipe(filter(({ loading }) => !loading)));
  await settled();
  const connection = () => {
    const { data, dataState } = list.getCurrentResult();
    return dataState === 'complete' ? data.project?.sessions : undefined;
  };
  const nodes = () => connection()?.edges.map(({ node }) => node);
  const names = () => nodes()?.map(({ name }) => name);
  const readPage = async () => {
    await readMore(list);
    await settled();
  };
  return { client, project, list, settled, connection, nodes, names, readPage };
}

/** How many requests clients sent while it ran. */
export async function requestsDuring(act: () => Promise<unknown>): Promise<number> {
  const sent = vi.spyOn(globalThis, 'fetch');
  try {
    await act();
    return sent.mock.calls.length;
  } finally {
    sent.mockRestore();
  }
}
