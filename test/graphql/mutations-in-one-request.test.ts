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

  it('undo nothing: each says what became of it, and those after an error are executed too', async () => {
    const input = 'input: { project: "demo", name: "unique", start: false }';
    const { data, errors } = await writ.as(
      'alice',
      `mutation {
        first: createSession(${input}) { session { name } }
        second: createSession(${input}) { session { name } }
        third: updateSession(input: { project: "demo", name: "unique", displayName: "Third" }) {
          session { displayName }
        }
        fourth: stopSession(project: "demo", name: "absent") { session { name } }
        fifth: startSession(project: "absent", name: "unique") { session { name } }
        sixth: cloneSession(input: { project: "demo", name: "absent", targetProject: "demo" }) { session { name } }
        seventh: deleteSession(project: "demo", name: "unique") { deletedId }
      }`,
    );
    expect(data).toEqual({
      first: { session: { name: 'unique' } },
      second: null,
      third: { session: { displayName: 'Third' } },
      fourth: null,
      fifth: null,
      sixth: null,
      seventh: null,
    });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['second'], 'CONFLICT'],
      [['fourth'], 'NOT_FOUND'],
      [['fifth'], 'FORBIDDEN'],
      [['sixth'], 'NOT_FOUND'],
      [['seventh'], 'FORBIDDEN'],
    ]);
    const read = await writ.as('alice', '{ session(project: "demo", name: "unique") { displayName } }');
    expect(read.data.session).toEqual({ displayName: 'Third' });
  });
});
