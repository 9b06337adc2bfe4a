import { describe, expect, it } from 'vitest';
import { type ProxiedRequest, type Reply, type Rule, status } from '../support/cluster-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { NAMESPACES, RBAC } from '../support/objects.ts';
import { CREATE_PROJECT } from '../support/project-operations.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';

const FAILED = status(500, 'InternalError');

describe('a createProject that fails half-way', () => {
  const writ = startProxiedWrit();
  const admin = writ.kubernetes('admin');
  const create = (name: string) => writ.as('alice', CREATE_PROJECT, { input: { name } });
  const isNamespace = ({ method, path }: ProxiedRequest) =>
    method === 'POST' && path.startsWith(`${NAMESPACES}?`);
  const isBinding =
    (name: string) =>
    ({ method, path, body }: ProxiedRequest) =>
      method === 'POST' && path.includes('/rolebindings?') && JSON.parse(body).metadata.name === name;
  const deletions = () => writ.proxy.seen.filter(({ method }) => method === 'DELETE');
  const isActive = async (name: string) => {
    const { status: code, body } = await admin.get(`${NAMESPACES}/${name}`);
    return code === 200 && body.metadata.deletionTimestamp === undefined;
  };
  /** The others go to the cluster. */
  const on =
    (isMeant: (request: ProxiedRequest) => boolean, then: Rule): Rule =>
    (request, forward) =>
      isMeant(request) ? then(request, forward) : forward();

  const BINDINGS = ['writ-backend-project', 'writ-controller-project', 'writ-creator'];
  const ways: [string, (forward: () => Promise<Reply>) => Reply | Promise<Reply>, string][] = [
    ['is refused', () => status(403, 'Forbidden'), 'FORBIDDEN'],
    ['fails', () => FAILED, 'UNAVAILABLE'],
    ['exists already', () => status(409, 'AlreadyExists'), 'CONFLICT'],
    [
      'is made, and its response is lost',
      async (forward) => {
        await forward();
        return FAILED;
      },
      'UNAVAILABLE',
    ],
  ];
  const cases = BINDINGS.flatMap((binding) => ways.map(([how, ...way]) => [binding, how, ...way] as const));

  it.each(cases)(
    'deletes its own namespace by its UID: the binding %s %s',
    async (binding, how, answer, code) => {
      const name = `${binding}-${how}`.replaceAll(/[^a-z]+/g, '-');
      const before = deletions().length;
      let created = {};
      writ.proxy.set(async (request, forward) => {
        if (isBinding(binding)(request)) return answer(forward);
        const reply = await forward();
        if (isNamespace(request)) {
          const { uid, resourceVersion } = (reply.body as { metadata: Record<string, string> }).metadata;
          created = { uid, resourceVersion };
        }
        return reply;
      });
      const { data, errors } = await create(name);
      expect(data.createProject).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code } }]);
      // It is gone: there is nothing to tell of.
      expect(errors?.[0]?.extensions.project).toBeUndefined();
      const [deletion, ...more] = deletions().slice(before);
      expect(more).toEqual([]);
      expect(deletion?.path).toBe(`${NAMESPACES}/${name}`);
      expect(JSON.parse(deletion?.body ?? '').preconditions).toEqual(created);
      expect(await isActive(name)).toBe(false);
    },
  );

  it('deletes it too if others have changed it meanwhile', async () => {
    writ.proxy.set(
      on(isBinding('writ-creator'), async () => {
        await admin.patch(`${NAMESPACES}/changed-meanwhile`, { metadata: { annotations: { note: 'x' } } });
        return FAILED;
      }),
    );
    const { errors } = await create('changed-meanwhile');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE' });
    expect(errors?.[0]?.extensions.project).toBeUndefined();
    expect(await isActive('changed-meanwhile')).toBe(false);
  });

  it('names the project in the error if it cannot be deleted', async () => {
    writ.proxy.set((request, forward) =>
      isBinding('writ-creator')(request) || request.method === 'DELETE' ? FAILED : forward(),
    );
    const { errors } = await create('left-behind');
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', project: 'left-behind' } }]);
    writ.proxy.set((_, forward) => forward());
    // Visible as a project in which nobody is a member, and in nobody's way.
    expect(await isActive('left-behind')).toBe(true);
    const again = await create('left-behind');
    expect(again.errors).toMatchObject([{ extensions: { code: 'CONFLICT', project: 'left-behind' } }]);
  });

  it.each<[string, (forward: () => Promise<Reply>) => Promise<Reply>]>([
    [
      'it was made',
      async (forward) => {
        await forward();
        return FAILED;
      },
    ],
    ['it was not made', async () => FAILED],
  ])('deletes nothing if it is not known whether %s', async (how, answer) => {
    const name = how.replaceAll(' ', '-');
    const before = deletions().length;
    writ.proxy.set(on(isNamespace, (_, forward) => answer(forward)));
    const { errors } = await create(name);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', project: name } }]);
    expect(deletions()).toHaveLength(before);
    expect(await isActive(name)).toBe(how === 'it was made');
  });

  it('never deletes the namespace that somebody has made in the place of its own', async () => {
    const path = `${NAMESPACES}/replaced`;
    writ.proxy.set(
      on(isBinding('writ-creator'), async () => {
        await admin.delete(path);
        await eventually(async () => {
          const { status: code, body } = await admin.get(path);
          // A real cluster would take seconds.
          if (code === 200)
            await admin.send('PUT', `${path}/finalize`, { ...body, spec: { finalizers: [] } });
          expect(code).toBe(404);
        });
        await admin.create(NAMESPACES, {
          metadata: { name: 'replaced', labels: { 'ambient-code.io/managed': 'true' } },
        });
        return FAILED;
      }),
    );
    const { errors } = await create('replaced');
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect(await isActive('replaced')).toBe(true);
    const bound = await admin.get(`${RBAC('replaced', 'rolebindings')}/writ-creator`);
    expect(bound.status).toBe(404);
  });
});
