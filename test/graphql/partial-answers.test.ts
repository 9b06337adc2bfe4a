import { beforeAll, describe, expect, it } from 'vitest';
import { allow, putJob, putPod, putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const PARENT = 'vteam.ambient-code/parent-session-id';
const SESSIONS = { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'] };
const LIST = `{ project(name: "guarded") { sessions(first: 10) { nodes {
  name
  project { name }
  job { name }
  pods { name }
  events { reason }
  eventsTruncated
  logs
  parent { name }
  children { nodes { name } }
  viewerCan(verb: "get")
} } } }`;

describe('what a viewer may not see is null, with an error of its own, and blanks nothing else', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'guarded');
    const session = await putSession(admin, 'guarded', 'a');
    await putSession(admin, 'guarded', 'b', { metadata: { annotations: { [PARENT]: 'a' } } });
    await putPod(admin, await putJob(admin, session));
  });

  it('one who may list sessions, and nothing else', async () => {
    await allow(admin, 'guarded', 'mallory', [{ ...SESSIONS, verbs: ['list'] }]);
    const { data, errors = [] } = await writ.as('mallory', LIST);
    expect(data.project.sessions.nodes).toEqual(
      ['a', 'b'].map((name) => ({
        name,
        project: { name: 'guarded' },
        job: null,
        pods: null,
        events: null,
        eventsTruncated: null,
        logs: null,
        parent: null,
        children: { nodes: name === 'a' ? [{ name: 'b' }] : [] },
        viewerCan: false,
      })),
    );
    expect(errors.every(({ extensions }) => extensions.code === 'FORBIDDEN')).toBe(true);
    const said = errors.map(({ path = [], extensions }) => {
      const { verb, resource, namespace } = extensions;
      return `${path.slice(3).join('.')}: ${verb} ${resource} in ${namespace}`;
    });
    const ofEach = (n: number) => [
      `${n}.job: list jobs in guarded`,
      `${n}.pods: list pods in guarded`,
      `${n}.events: list events in guarded`,
      `${n}.eventsTruncated: list events in guarded`,
      `${n}.logs: list pods in guarded`,
    ];
    expect(said.toSorted()).toEqual(
      [...ofEach(0), ...ofEach(1), '1.parent: get agenticsessions in guarded'].toSorted(),
    );
  });

  it('one who may see jobs and pods, but no logs', async () => {
    await allow(admin, 'guarded', 'mallory', [
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      { ...SESSIONS, verbs: ['get'] },
    ]);
    const query = '{ session(project: "guarded", name: "a") { job { name } pods { name } logs } }';
    const { data, errors } = await writ.as('mallory', query);
    expect(data.session).toMatchObject({ job: { name: expect.any(String) }, pods: [{}], logs: null });
    expect(errors).toMatchObject([
      {
        path: ['session', 'logs'],
        extensions: {
          code: 'FORBIDDEN',
          verb: 'get',
          resource: 'pods',
          subresource: 'log',
          namespace: 'guarded',
        },
      },
    ]);
  });

  it('one who may get a session by its name, but list none', async () => {
    await allow(admin, 'guarded', 'victor', []);
    await putProject(admin, 'named');
    await putSession(admin, 'named', 'mine');
    await putSession(admin, 'named', 'theirs');
    await allow(admin, 'named', 'mallory', [{ ...SESSIONS, verbs: ['get'], resourceNames: ['mine'] }]);
    const query = `{ project(name: "named") {
      name
      mine: session(name: "mine") { name viewerCan(verb: "get") }
      theirs: session(name: "theirs") { name }
      sessions { nodes { name } }
    } }`;
    const { status, data, errors } = await writ.as('mallory', query);
    expect(status).toBe(200);
    expect(data.project).toEqual({
      name: 'named',
      mine: { name: 'mine', viewerCan: true },
      theirs: null,
      sessions: null,
    });
    expect(errors).toHaveLength(2);
    expect(errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          path: ['project', 'sessions'],
          extensions: expect.objectContaining({ code: 'FORBIDDEN', verb: 'list', namespace: 'named' }),
        }),
        expect.objectContaining({
          path: ['project', 'theirs'],
          extensions: expect.objectContaining({ code: 'FORBIDDEN', verb: 'get', name: 'theirs' }),
        }),
      ]),
    );
  });
});
