import { gql } from '@apollo/client';
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../examples/apollo/client.ts';
import { codesOf, fieldErrorsOf } from '../../examples/apollo/errors.ts';
import { LIST_SESSIONS, READ_SESSION, UPDATE_SESSION } from '../../examples/apollo/operations.ts';
import { allow, putProject, putSessions } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';
import { clientOf, failOnWarnings } from './fixture.ts';

const WITH_PODS = gql`
  query ($name: String!) {
    session(project: "errors", name: $name) { id name pods { id name } }
  }
`;

/** What the promise was rejected with. */
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('It was not rejected');
    },
    (error: unknown) => error,
  );

describe('an error of Writ, in Apollo Client', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  failOnWarnings();

  beforeAll(async () => {
    await putProject(writ.kubernetes('admin'), 'errors');
    await putSessions(writ.kubernetes('admin'), 'errors', ['a']);
    const rules = [{ apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['get'] }];
    await allow(writ.kubernetes('admin'), 'errors', 'mallory', [
      ...rules,
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
    ]);
  });

  it('has a code, and what it is about, whatever its HTTP status is', async () => {
    const client = clientOf(writ, 'victor');
    const input = { project: 'errors', name: 'a', displayName: 'x' };
    const error = await rejection(client.mutate({ mutation: UPDATE_SESSION, variables: { input } }));
    expect(codesOf(error)).toEqual(['FORBIDDEN']);
    expect(error).toMatchObject({
      errors: [
        {
          path: ['updateSession'],
          extensions: { verb: 'patch', resource: 'agenticsessions', namespace: 'errors' },
        },
      ],
    });
  });

  it('is beside the data of the other fields with the error policy "all"', async () => {
    const client = clientOf(writ, 'mallory');
    const read = () =>
      client.query({
        query: WITH_PODS,
        variables: { name: 'a' },
        errorPolicy: 'all',
        fetchPolicy: 'network-only',
      });
    const { data, error } = await read();
    expect(data).toMatchObject({ session: { name: 'a', pods: null } });
    expect(codesOf(error)).toEqual(['FORBIDDEN']);
    expect(error).toMatchObject({
      errors: [{ path: ['session', 'pods'], extensions: { resource: 'pods' } }],
    });
    const list = await client.query({
      query: LIST_SESSIONS,
      variables: { project: 'errors' },
      errorPolicy: 'all',
    });
    expect(list.data).toMatchObject({ project: { sessions: null } });
    expect(codesOf(list.error)).toEqual(['FORBIDDEN']);
  });

  it('rejects the query with the default error policy', async () => {
    const query = clientOf(writ, 'mallory').query({ query: WITH_PODS, variables: { name: 'a' } });
    expect(codesOf(await rejection(query))).toEqual(['FORBIDDEN']);
  });

  it('names the fields of invalid input', async () => {
    const client = clientOf(writ, 'alice');
    const update = (input: object) =>
      rejection(
        client.mutate({
          mutation: UPDATE_SESSION,
          variables: { input: { project: 'errors', name: 'a', ...input } },
        }),
      );
    const byRule = await update({ displayName: 'two\nlines', timeoutSeconds: 0 });
    expect(codesOf(byRule)).toEqual(['BAD_USER_INPUT']);
    expect([...fieldErrorsOf(byRule).keys()].sort()).toEqual(['input.displayName', 'input.timeoutSeconds']);
    const byType = await update({ timeoutSeconds: 'long' });
    expect([codesOf(byType), [...fieldErrorsOf(byType).keys()]]).toEqual([
      ['BAD_USER_INPUT'],
      ['input.timeoutSeconds'],
    ]);
    const stale = await update({ displayName: 'x', resourceVersion: '1' });
    expect(codesOf(stale)).toEqual(['CONFLICT']);
  });

  it('is no error if there is nothing of this name', async () => {
    const { data, error } = await clientOf(writ, 'alice').query({
      query: READ_SESSION,
      variables: { project: 'errors', name: 'none' },
    });
    expect([data, error]).toEqual([{ session: null }, undefined]);
  });

  /** A client whose user has these tokens, one after the other. */
  function withTokens(...tokens: string[]) {
    const asked: boolean[] = [];
    const getToken = (isRefused: boolean) => {
      asked.push(isRefused);
      return (isRefused ? tokens[1] : tokens[0]) ?? '';
    };
    const client = createClient({ uri: writ.url, getToken });
    onTestFinished(() => client.stop());
    const read = () => client.query({ query: READ_SESSION, variables: { project: 'errors', name: 'a' } });
    return { asked, read };
  }

  it('is UNAUTHENTICATED with HTTP 401, and the operation is sent again with a new token', async () => {
    const { asked, read } = withTokens('expired', writ.sandbox.identities.alice.token);
    expect((await read()).data?.session?.name).toBe('a');
    expect(asked).toEqual([false, true]);
  });

  it('is UNAUTHENTICATED if the new token is refused too', async () => {
    const { asked, read } = withTokens('expired', 'invalid');
    const error = await rejection(read());
    expect(CombinedGraphQLErrors.is(error) && !ServerError.is(error)).toBe(true);
    expect(codesOf(error)).toEqual(['UNAUTHENTICATED']);
    expect(asked).toEqual([false, true]);
  });
});
