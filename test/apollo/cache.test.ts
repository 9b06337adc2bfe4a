import { gql } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import {
  LIST_SESSIONS,
  READ_SESSION,
  START_SESSION,
  STOP_SESSION,
} from '../../examples/apollo/operations.ts';
import { createSession, deleteSession, updateSession } from '../../examples/apollo/sessions.ts';
import { startWrit } from '../support/writ.ts';
import { failOnWarnings, requestsDuring, watchList } from './fixture.ts';

const BY_ID = gql`
  query ($id: ID!) {
    node(id: $id) { id ...Named }
    nodes(ids: [$id]) { ...Named }
  }
  fragment Named on Node { id ... on AgenticSession { displayName phase } }
`;

describe("Apollo Client's normalized cache", () => {
  const writ = startWrit({ sandbox: { demo: false } });
  failOnWarnings();
  const watch = (names: string[]) => watchList(writ, names);

  it('sends no request for what it has', async () => {
    const { client, project } = await watch(['a']);
    const query = () => client.query({ query: LIST_SESSIONS, variables: { project } });
    expect(await requestsDuring(query)).toBe(0);
    expect(await requestsDuring(() => client.refetchQueries({ include: 'active' }))).toBe(1);
  });

  it('has a session once, however it was read', async () => {
    const { client, project, nodes } = await watch(['a']);
    const id = nodes()?.[0]?.id ?? '';
    const { data: read } = await client.query({ query: READ_SESSION, variables: { project, name: 'a' } });
    const { data: found } = await client.query<{ node: unknown; nodes: unknown[] }>({
      query: BY_ID,
      variables: { id },
    });
    expect(read?.session?.id).toBe(id);
    const node = { __typename: 'AgenticSession', id, displayName: null, phase: 'PENDING' };
    expect(found).toEqual({ node, nodes: [node] });
    const entries = Object.keys(client.extract() as object).filter((key) =>
      key.startsWith('AgenticSession:'),
    );
    expect(entries).toEqual([`AgenticSession:${id}`]);
  });

  it('shows an update in the list without another request, and clears what is null', async () => {
    const { client, project, nodes } = await watch(['a', 'b']);
    const change = (displayName?: string | null) =>
      updateSession(client, { project, name: 'a', ...(displayName !== undefined && { displayName }) });
    expect(await requestsDuring(() => change('First'))).toBe(1);
    expect(nodes()?.[0]).toMatchObject({ name: 'a', displayName: 'First' });
    await change();
    expect(nodes()?.[0]).toMatchObject({ displayName: 'First' });
    await change(null);
    expect(nodes()?.[0]).toMatchObject({ displayName: null });
    expect(nodes()?.[1]).toMatchObject({ name: 'b', displayName: null });
  });

  it('shows a start and a stop in the list without another request', async () => {
    const { client, project, nodes } = await watch(['a']);
    const variables = { project, name: 'a' };
    await client.query({ query: READ_SESSION, variables });
    await client.mutate({ mutation: START_SESSION, variables });
    expect(nodes()?.[0]).toMatchObject({
      phase: 'CREATING',
      availableActions: expect.arrayContaining(['STOP']),
    });
    await client.mutate({ mutation: STOP_SESSION, variables });
    expect(nodes()?.[0]?.phase).toMatch(/^STOP/);
  });

  it('has a new session at its place in the list, and no longer a deleted one', async () => {
    const { client, project, connection, names } = await watch(['a', 'c']);
    const create = (name: string) => createSession(client, { project, name, start: false });
    expect(await requestsDuring(() => create('b'))).toBe(1);
    await create('d');
    expect([names(), connection()?.totalCount]).toEqual([['a', 'b', 'c', 'd'], 4]);
    const { data } = await client.query({ query: READ_SESSION, variables: { project, name: 'b' } });
    expect(await requestsDuring(() => deleteSession(client, project, 'b'))).toBe(1);
    expect([names(), connection()?.totalCount]).toEqual([['a', 'c', 'd'], 3]);
    expect(Object.keys(client.extract() as object)).not.toContain(`AgenticSession:${data?.session?.id}`);
  });
});
