import { beforeAll, describe, expect, it } from 'vitest';
import { type CallerGrantName, GRANTS, type Target } from '../../src/authorization/grants.ts';
import type { Writ } from '../../src/authorization/writ.ts';
import type { Namespace } from '../../src/kubernetes/resources.ts';
import { NAMESPACES } from '../support/objects.ts';
import { startAuthority } from './authority.ts';

const { sandbox, authorize, userCluster, backendRequests } = startAuthority();
const admin = () => sandbox.as('admin');
const issue = (grant: CallerGrantName, target: Target) => authorize(userCluster('admin'), grant, target);
const read = async (name: string): Promise<Namespace> => admin().must('GET', `${NAMESPACES}/${name}`);

describe("a Writ's acts on projects", () => {
  let demo: Namespace;
  beforeAll(async () => {
    demo = await read('demo');
  });

  const acts: Record<string, (writ: Writ) => Promise<unknown>> = {
    createNamespace: (writ) => writ.project.create({}),
    updateNamespace: (writ) => writ.project.updateTexts(demo, { displayName: 'x' }),
    deleteNamespace: (writ) => writ.project.delete(demo),
  };
  const cases = Object.entries(GRANTS).flatMap(([grant, { acts: own, of }]) =>
    Object.keys(acts)
      .filter((act) => of === 'caller' && !(own as readonly string[]).includes(act))
      .map((act) => [grant as CallerGrantName, act] as const),
  );

  it.each(cases)('are not those of another grant: %s does not %s', async (grant, act) => {
    const name = ['startSession', 'stopSession'].includes(grant) ? { name: 'fix-cart-rounding' } : {};
    const writ = await issue(grant, { namespace: 'demo', ...name });
    const requests = await backendRequests(() => expect(acts[act]?.(writ)).rejects.toThrow(TypeError));
    expect(requests).toEqual([]);
  });

  it('are on the project that was reviewed, and on no other', async () => {
    const research = await read('research');
    const [update, remove] = [
      await issue('updateProject', { namespace: 'demo' }),
      await issue('deleteProject', { namespace: 'demo' }),
    ];
    const requests = await backendRequests(async () => {
      await expect(update.project.updateTexts(research, { displayName: 'x' })).rejects.toThrow(TypeError);
      await expect(remove.project.delete(research)).rejects.toThrow(TypeError);
    });
    expect(requests).toEqual([]);
  });

  it.each(['kube-system', 'default', 'writ-system', 'openshift-x'])(
    'are on no namespace of the system: %s',
    async (namespace) => {
      const target = { namespace };
      const metadata = { ...demo.metadata, name: namespace };
      const requests = await backendRequests(async () => {
        const created = await issue('createProject', target);
        await expect(created.project.create({})).rejects.toThrow(TypeError);
        const update = await issue('updateProject', target);
        await expect(update.project.updateTexts({ metadata }, { displayName: 'x' })).rejects.toThrow(
          TypeError,
        );
        const remove = await issue('deleteProject', target);
        await expect(remove.project.delete({ metadata })).rejects.toThrow(TypeError);
      });
      expect(requests).toEqual([]);
    },
  );

  it('are on no namespace that was not read as a project', async () => {
    const metadata = { ...demo.metadata, labels: {} };
    const writ = await issue('deleteProject', { namespace: 'demo' });
    const requests = await backendRequests(() =>
      expect(writ.project.delete({ metadata })).rejects.toThrow(TypeError),
    );
    expect(requests).toEqual([]);
  });

  it('bind and remove nothing that this Writ has not created', async () => {
    const writ = await issue('createProject', { namespace: 'demo' });
    const requests = await backendRequests(async () => {
      await expect(writ.project.bindWrit()).rejects.toThrow(TypeError);
      await expect(writ.project.bindCreator('ambient-project-')).rejects.toThrow(TypeError);
      await expect(writ.project.removeCreated()).rejects.toThrow(TypeError);
    });
    expect(requests).toEqual([]);
    // Nor after an attempt that the cluster has refused.
    await expect(writ.project.create({})).rejects.toMatchObject({ statusCode: 409 });
    await expect(writ.project.bindCreator('ambient-project-')).rejects.toThrow(TypeError);
    await expect(writ.project.removeCreated()).rejects.toThrow(TypeError);
    await expect(writ.project.create({})).rejects.toThrow(TypeError);
  });

  it('make the reviewed subject the admin, whoever is in the manifest or the request', async () => {
    const writ = await authorize(userCluster('alice'), 'createProject', { namespace: 'alices' });
    const namespace = await writ.project.create({ displayName: 'x' });
    expect(namespace.metadata.annotations?.['ambient-code.io/requested-by']).toBe('alice');
    await writ.project.bindCreator('ambient-project-');
    const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/alices/rolebindings';
    const { items } = await admin().must('GET', path);
    expect(items.map(({ subjects }: { subjects: object[] }) => subjects)).toMatchObject([
      [{ name: 'alice' }],
    ]);
  });
});
