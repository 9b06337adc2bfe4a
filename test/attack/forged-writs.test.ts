import { beforeAll, describe, expect, it, vi } from 'vitest';
import { GRANTS } from '../../src/authorization/grants.ts';
import { Writ } from '../../src/authorization/writ.ts';
import type { WritTerms } from '../../src/authorization/writ-terms.ts';
import { type Job, SECRETS } from '../../src/kubernetes/resources.ts';
import {
  AGENTIC_SESSIONS,
  type AgenticSession,
  type AgenticSessionManifest,
} from '../../src/model/session.ts';
import { startAuthority } from './authority.ts';

const { sandbox, authority, authorize, userCluster, issue, manifest, backendRequests } = startAuthority();

describe('something that looks like a Writ', () => {
  let real: Writ;
  beforeAll(async () => {
    real = await issue();
  });
  class Subclass extends Writ {}
  const terms = { grant: 'createSession', target: { namespace: 'demo' } } as unknown as WritTerms;
  const forgeries: [string, () => unknown][] = [
    ['an object with its prototype', () => Object.create(Writ.prototype)],
    ['an object whose prototype it is', () => Object.create(real)],
    ['a copy of its properties', () => ({ ...real })],
    ['an assigned copy', () => Object.assign(Object.create(Writ.prototype), real)],
    ['a JSON copy', () => JSON.parse(JSON.stringify(real))],
    ['a structured clone', () => structuredClone(real)],
    ['a Proxy around it', () => new Proxy(real, {})],
    ['a changed prototype', () => Object.setPrototypeOf({ grant: 'createSession' }, Writ.prototype)],
    ['a function', () => Object.setPrototypeOf(() => {}, Writ.prototype)],
  ];

  it.each(forgeries)('%s is none, and has none of its acts', async (_, forge) => {
    const forged = forge() as Writ;
    const acts: Record<string, (...given: unknown[]) => unknown> = Object.getPrototypeOf(real.session);
    expect(Writ.isWrit(forged)).toBe(false);
    const requests = await backendRequests(async () => {
      const attempts: (() => unknown)[] = [
        () => forged.session.create(manifest()),
        () => Reflect.get(Writ.prototype, 'session', forged),
        () => acts.create?.call(forged, manifest()),
        () => acts.updateStatus?.call(forged, {}),
        () => acts.createRunObject?.call(Object.create(real.session), SECRETS, {}),
        () => acts.mintRunToken?.call(new Proxy(real.session, {}), 'a', 'b', 600),
        () => acts.storeRunToken?.call({ ...real.session } as never, 'a', 'b'),
        () => Reflect.get(Writ.prototype, 'subject', forged),
      ];
      for (const attempt of attempts) await expect((async () => attempt())()).rejects.toThrow(TypeError);
    });
    expect(requests).toEqual([]);
  });

  it.each([
    ['new', () => new Writ(Symbol('issuer of Writs'), terms)],
    ['new with a registered symbol', () => new Writ(Symbol.for('issuer of Writs'), terms)],
    ['Reflect.construct', () => Reflect.construct(Writ, [Symbol('issuer of Writs'), terms])],
    ['Reflect.construct of another class', () => Reflect.construct(Writ, [undefined, terms], Object)],
    ['a subclass', () => new Subclass(Symbol('issuer of Writs'), terms)],
  ])('%s does not make one', (_, make) => {
    expect(make).toThrow(TypeError);
  });

  it('nothing about a real one can be added, changed or replaced', async () => {
    const writ = await issue();
    expect(Object.isFrozen(writ)).toBe(true);
    expect(() => Object.assign(writ, { createSession: () => 'mine' })).toThrow(TypeError);
    expect(() => Object.setPrototypeOf(writ, null)).toThrow(TypeError);
    expect(() => Object.assign(writ, { subject: { username: 'admin' } })).toThrow(TypeError);
  });

  it('its subject and its review are the cluster\u2019s, whoever writes into what it shows of them', async () => {
    const writ = await issue();
    const change = (shown: object, changed: object) => {
      try {
        Object.assign(shown, changed);
      } catch {
        // Frozen: as good as a copy.
      }
    };
    change(writ.subject, { username: 'admin', groups: ['system:masters'] });
    change(writ.subject.groups, ['system:masters']);
    change(writ.reviewed, { namespace: 'research' });
    expect(writ.subject).toMatchObject({ username: 'alice', groups: ['system:authenticated'] });
    expect(writ.reviewed.namespace).toBe('demo');
  });
});

describe('a review that does not say yes', () => {
  it.each(['victor', 'mallory'] as const)('gives %s no Writ', async (who) => {
    await expect(issue(who)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each(['__proto__', 'constructor', 'toString', 'deleteNamespace', '', 'runScheduledSession'])(
    'grant %j: no Writ',
    async (grant) => {
      const before = sandbox.requests.length;
      const asked = authorize(userCluster('admin'), grant as 'createSession', { namespace: 'demo' });
      await expect(asked).rejects.toThrow(TypeError);
      expect(sandbox.requests.slice(before)).toEqual([]);
    },
  );

  it.each([
    [{ allowed: true, denied: false, status: { allowed: true }, grant: 'createSession' }],
    // The name gets into the review's path, which a real cluster does not know.
    [{ allowed: true, status: { allowed: true }, name: 'x' }],
  ])('no polluted prototype turns a no into a yes: %j', async (polluted) => {
    for (const [key, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, key, { value, configurable: true, writable: true });
    }
    try {
      await expect(issue('mallory')).rejects.toThrow('name' in polluted ? /NotFound|may not/ : /may not/);
      expect(Writ.isWrit({})).toBe(false);
    } finally {
      for (const key of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, key);
    }
  });

  it('the table of grants can\u2019t be widened by what runs later', () => {
    expect(() => (GRANTS.createSession.acts as unknown as string[]).push('deleteNamespace')).toThrow(
      TypeError,
    );
    expect(() => Object.assign(GRANTS, { other: GRANTS.createSession })).toThrow(TypeError);
    expect(() => Object.assign(SECRETS, { namespaced: false })).toThrow(TypeError);
  });
});

describe('a Writ that is too late', () => {
  const tooLate = { code: 'TIMEOUT' };

  it('begins nothing when its review is older than it may be', async () => {
    const short = authority(0);
    const writ = await short.authorize(userCluster('alice'), 'createSession', { namespace: 'demo' });
    const requests = await backendRequests(() =>
      expect(writ.session.create(manifest())).rejects.toMatchObject(tooLate),
    );
    expect(requests).toEqual([]);
  });

  it('begins nothing after five seconds, whatever age was configured', async () => {
    const long = authority(3_600_000);
    const writ = await long.authorize(userCluster('alice'), 'createSession', { namespace: 'demo' });
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 5_001);
    const requests = await backendRequests(() =>
      expect(writ.session.create(manifest())).rejects.toMatchObject(tooLate),
    );
    clock.mockRestore();
    expect(requests).toEqual([]);
  });

  it('begins nothing when its review has become too old while the write waited for its turn', async () => {
    const turn = Promise.withResolvers<void>();
    const waiting = authority(undefined, () => turn.promise);
    const writ = await waiting.authorize(userCluster('alice'), 'createSession', { namespace: 'demo' });
    const now = performance.now.bind(performance);
    const requests = await backendRequests(async () => {
      const write = writ.session.create(manifest());
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 5_001);
      turn.resolve();
      await expect(write).rejects.toMatchObject(tooLate);
      clock.mockRestore();
    });
    expect(requests).toEqual([]);
  });

  it('begins nothing after the request\u2019s deadline', async () => {
    // An idle connection to the cluster: a request on it would leave at once.
    await (await issue()).session.create(manifest());
    const user = userCluster('alice', 0);
    const writ = await authorize(user, 'createSession', { namespace: 'demo' });
    expect(user.scope.deadline.aborted).toBe(true);
    const requests = await backendRequests(() =>
      expect(writ.session.create(manifest())).rejects.toMatchObject(tooLate),
    );
    expect(requests).toEqual([]);
  });
});

const AT = '2026-03-01T10:30:00.000Z';
const OTHER_UID = '5e551000-0000-4000-8000-000000000001';

function annotated(metadata: AgenticSession['metadata'], key: string): AgenticSession['metadata'] {
  return { ...metadata, annotations: { ...metadata.annotations, [`ambient-code.io/${key}`]: AT } };
}

function jobOf({ metadata: { name, namespace, uid } }: AgenticSession): Job {
  const owner = {
    apiVersion: 'vteam.ambient-code/v1alpha1',
    kind: 'AgenticSession',
    name,
    uid,
    controller: true,
  };
  return {
    metadata: { name: `session-${uid}-1`, namespace, uid: OTHER_UID, ownerReferences: [owner] },
  } as Job;
}

describe('a Writ for something else', () => {
  it('does nothing in another namespace', async () => {
    const writ = await issue();
    const requests = await backendRequests(async () => {
      for (const namespace of ['research', '', '../research', undefined]) {
        const other = {
          ...manifest(),
          metadata: { generateName: 'x-', namespace },
        } as AgenticSessionManifest;
        await expect(writ.session.create(other)).rejects.toThrow(TypeError);
      }
    });
    expect(requests).toEqual([]);
  });

  it('is for the namespace that was reviewed, also when the target is changed afterwards', async () => {
    const target = { namespace: 'demo' };
    const writ = await authorize(userCluster('alice'), 'createSession', target);
    target.namespace = 'research';
    const requests = await backendRequests(() =>
      writ.session.create(manifest({ namespace: 'research' })).catch(() => {}),
    );
    expect(requests.map(({ namespace, status }) => [namespace, status])).not.toContainEqual([
      'research',
      201,
    ]);
  });

  it('is for the namespace that was reviewed, also when the target is changed meanwhile', async () => {
    const target = { namespace: 'demo' };
    const asked = authorize(userCluster('alice'), 'createSession', target);
    target.namespace = 'research';
    const writ = await asked;
    const requests = await backendRequests(() =>
      writ.session.create(manifest({ namespace: 'research' })).catch(() => {}),
    );
    expect(requests).toEqual([]);
  });

  it('creates one session, not two one after the other', async () => {
    const writ = await issue();
    await writ.session.create(manifest());
    await expect(writ.session.create(manifest())).rejects.toThrow(TypeError);
  });

  it('creates one session, not two at once', async () => {
    const writ = await issue();
    const requests = await backendRequests(() =>
      Promise.allSettled([writ.session.create(manifest()), writ.session.create(manifest())]),
    );
    expect(requests).toHaveLength(1);
  });

  it('does nothing to a run before it has created the session', async () => {
    const writ = await issue();
    const requests = await backendRequests(async () => {
      await expect((async () => writ.session.updateStatus({}))()).rejects.toThrow(TypeError);
      await expect(writ.session.createRunObject(SECRETS, { metadata: {} })).rejects.toThrow(TypeError);
      await expect(writ.session.mintRunToken('default', 'x', 600)).rejects.toThrow(TypeError);
      await expect(writ.session.storeRunToken('ambient-runner-secrets', 'x')).rejects.toThrow(TypeError);
    });
    expect(requests).toEqual([]);
  });

  it.each<[string, (read: AgenticSession) => AgenticSession['metadata'], 'Running' | 'Stopped', boolean?]>([
    ['another session of that name', ({ metadata }) => ({ ...metadata, uid: OTHER_UID }), 'Running'],
    ['one that is being deleted', ({ metadata }) => ({ ...metadata, deletionTimestamp: AT }), 'Stopped'],
    ['one with another start', ({ metadata }) => annotated(metadata, 'start-requested-at'), 'Stopped'],
    ['one with another stop', ({ metadata }) => annotated(metadata, 'stop-requested-at'), 'Running'],
    ['one with another desired phase', ({ metadata }) => annotated(metadata, 'desired-phase'), 'Running'],
    ['one without annotations', ({ metadata: { annotations: _, ...metadata } }) => metadata, 'Stopped'],
    ['one in another phase, if that decided', ({ metadata }) => metadata, 'Stopped', true],
  ])('sets no desired phase if the user read %s', async (_, change, phase, byPhase = false) => {
    const created = await (await issue()).session.create(
      manifest({ annotations: { 'ambient-code.io/desired-phase': 'Stopped', 'example.org/kept': 'yes' } }),
    );
    const { name } = created.metadata;
    const status = byPhase ? { phase: 'Running' } : {};
    const read = { ...created, status, metadata: change(created) as AgenticSession['metadata'] };
    const user = userCluster('alice');
    const writ = await authorize(user, 'stopSession', { namespace: 'demo', name });
    await expect(writ.session.setDesiredPhase(read, phase, AT, byPhase)).rejects.toMatchObject({
      statusCode: 422,
    });
    await expect(writ.session.deleteJob(jobOf(created))).rejects.toThrow(TypeError);
    expect(await user.get(AGENTIC_SESSIONS, 'demo', name)).toEqual(created);
  });
});
