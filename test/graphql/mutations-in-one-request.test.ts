import { describe, expect, it } from 'vitest';
import { startWrit } from '../support/writ.ts';

describe('the mutations of one request', () => {
  const writ = startWrit();

  it('run one after the other, and each reads what those before it changed', async () => {
    const shown =
      'project { session(name: "step") { displayName } sessions(labelSelector: "step") { totalCount } }';
    const { data, errors } = await writ.as(
      'admin',
      `mutation {
        create: createSession(input: {
          project: "demo", name: "step", displayName: "One", labels: [{ key: "step", value: "" }], start: false
        }) { session { displayName ${shown} children { nodes { name } } } }
        update: updateSession(input: { project: "demo", name: "step", displayName: "Two" }) {
          session { displayName ${shown} }
        }
        child: createSession(input: {
          project: "demo", name: "step-child", parentSession: "step", labels: [{ key: "step", value: "" }], start: false
        }) { session { parent { displayName children { nodes { name } } } ${shown} } }
        delete: deleteSession(project: "demo", name: "step") { deletedId }
        again: createSession(input: { project: "demo", name: "step", displayName: "Three", start: false }) {
          session { displayName ${shown} children { nodes { name } } }
        }
      }`,
    );
    expect(errors).toBeUndefined();
    const project = (displayName: string, totalCount: number) => ({
      session: { displayName },
      sessions: { totalCount },
    });
    expect(data).toEqual({
      create: { session: { displayName: 'One', project: project('One', 1), children: { nodes: [] } } },
      update: { session: { displayName: 'Two', project: project('Two', 1) } },
      child: {
        session: {
          parent: { displayName: 'Two', children: { nodes: [{ name: 'step-child' }] } },
          project: project('Two', 2),
        },
      },
      delete: { deletedId: expect.any(String) },
      again: {
        session: {
          displayName: 'Three',
          project: project('Three', 1),
          children: { nodes: [{ name: 'step-child' }] },
        },
      },
    });
  });

  it('ask the cluster again what the viewer may, after each', async () => {
    const { result, requests } = await writ.requestsDuring(() =>
      writ.as(
        'alice',
        `mutation {
          a: createSession(input: { project: "demo", start: false }) { session { name } }
          b: createSession(input: { project: "demo", start: false }) { session { name } }
        }`,
      ),
    );
    expect(result.errors).toBeUndefined();
    const reviews = requests.filter(({ resource }) => resource === 'selfsubjectaccessreviews');
    expect(reviews).toHaveLength(2);
  });

  it('undo nothing: what was done before an error stays', async () => {
    const { data, errors } = await writ.as(
      'alice',
      `mutation {
        first: createSession(input: { project: "demo", name: "unique", start: false }) { session { name } }
        second: createSession(input: { project: "demo", name: "unique", start: false }) { session { name } }
      }`,
    );
    // Payloads are never null by the contract, so the error blanks the answer.
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ['second'], extensions: { code: 'CONFLICT' } }]);
    const read = await writ.as('alice', '{ session(project: "demo", name: "unique") { name } }');
    expect(read.data.session).toEqual({ name: 'unique' });
  });
});
