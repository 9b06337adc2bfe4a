import { beforeAll, describe, expect, it } from 'vitest';
import { UNSET_ACCOUNT } from '../../../src/model/schedule.ts';
import { SCHEDULE_SETTINGS } from '../../support/all-operations.ts';
import { CORE, RBAC, SESSIONS, session } from '../../support/objects.ts';
import { putProject } from '../../support/put-objects.ts';
import { CREATE_SCHEDULE, scheduleInput } from '../../support/schedule-operations.ts';
import { startWrit } from '../../support/writ.ts';
import type { AnyObject, Spoil } from './fixture.ts';
import { FORGED_ACCOUNTS, FORGED_TRIGGERS } from './forged-schedules.ts';

const PROJECT = 'scheduled-policies';
const CRON_JOBS = `/apis/batch/v1/namespaces/${PROJECT}/cronjobs`;
const DRY = '?dryRun=All';
const WRITS = 'ambient-code.io/';
const merge = { 'content-type': 'application/merge-patch+json' };
/** With a body, the API server takes no options from the query. */
const deletion = (uid: string) => ({ dryRun: ['All'], preconditions: { uid } });
/** With all rights, so that the policies alone decide. */
const asWrits = (name: string) => ({
  'impersonate-user': `system:serviceaccount:writ-system:writ-${name}`,
  'impersonate-group': 'system:masters',
});

describe('the policies of deploy/, on scheduled sessions', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: SCHEDULE_SETTINGS });
  const admin = writ.kubernetes('admin');
  let stored: AnyObject;

  beforeAll(async () => {
    await putProject(admin, PROJECT);
    const { errors } = await writ.as('admin', CREATE_SCHEDULE, {
      input: scheduleInput(PROJECT, 'nightly', { displayName: 'Every night' }),
    });
    expect(errors).toBeUndefined();
    stored = await admin.must('GET', `${CRON_JOBS}/nightly`);
  });

  async function asked(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const response = await admin.send(method, path, body, headers);
    if (response.status < 300) return 'done';
    const denied = /denied request: (.*)/.exec(response.body.message)?.[1];
    return denied ?? `${response.status} ${response.body.message}`;
  }
  /** Writ may patch nothing as a dry run. */
  const patch = (body: object, headers: Record<string, string> = {}) => {
    const query = 'impersonate-user' in headers ? '' : DRY;
    return asked('PATCH', `${CRON_JOBS}/nightly${query}`, body, { ...merge, ...headers });
  };

  /** As Writ creates one: suspended, and without an account. */
  function fresh(): AnyObject {
    const { annotations, labels } = structuredClone(stored.metadata);
    const spec = { ...structuredClone(stored.spec), suspend: true };
    spec.jobTemplate.spec.template.spec.serviceAccountName = UNSET_ACCOUNT;
    delete spec.jobTemplate.spec.template.spec.serviceAccount;
    const metadata = { name: 'another', labels, annotations };
    return { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec };
  }

  describe('let nobody but Writ', () => {
    it('create one', async () => {
      expect(await asked('POST', CRON_JOBS + DRY, fresh())).toMatch(/are created by Writ alone/);
    });

    it('make one of another CronJob, or of one another CronJob', async () => {
      const other = fresh();
      delete other.metadata.labels;
      other.metadata.name = 'by-hand';
      await admin.must('POST', CRON_JOBS, other);
      const labels = { [`${WRITS}scheduled-session`]: 'true' };
      expect(await asked('PATCH', `${CRON_JOBS}/by-hand${DRY}`, { metadata: { labels } }, merge)).toMatch(
        /the label .* is set by Writ alone/,
      );
      for (const value of [null, 'false']) {
        const changed = { metadata: { labels: { [`${WRITS}scheduled-session`]: value } } };
        expect(await patch(changed)).toMatch(/the label .* is set by Writ alone/);
      }
    });

    it.each(['schedule-owner', 'session-template', 'concurrency-policy'])(
      'set or remove its %s',
      async (key) => {
        for (const value of ['{}', null]) {
          for (const headers of [{}, asWrits('controller')]) {
            expect(await patch({ metadata: { annotations: { [WRITS + key]: value } } }, headers)).toMatch(
              /set by Writ alone|Writ annotates/,
            );
          }
        }
      },
    );

    it.each([
      ['schedule', { schedule: '* * * * *' }],
      ['time zone', { timeZone: 'Asia/Tokyo' }],
      ['history', { failedJobsHistoryLimit: null }],
      ['pod', { jobTemplate: { spec: { template: { spec: { serviceAccountName: 'default' } } } } }],
    ])('change its %s', async (_, spec) => {
      for (const headers of [{}, asWrits('controller')])
        expect(await patch({ spec }, headers)).toMatch(
          /^the spec of a scheduled session is set by Writ alone/,
        );
    });

    it('resume it, which everyone with the right may suspend', async () => {
      expect(await patch({ spec: { suspend: true } })).toBe('done');
      await admin.must('PATCH', `${CRON_JOBS}/nightly`, { spec: { suspend: true } }, merge);
      for (const suspend of [false, null]) {
        for (const headers of [{}, asWrits('controller')])
          expect(await patch({ spec: { suspend } }, headers)).toMatch(/is resumed by Writ alone/);
      }
    });

    it.each(['suspended-reason', 'active-sessions'])(
      'annotate it with %s, except its controller',
      async (key) => {
        const body = { metadata: { annotations: { [WRITS + key]: '[]' } } };
        expect(await patch(body)).toMatch(/are set by Writ's controller alone/);
        expect(
          await asked('PATCH', `${CRON_JOBS}/nightly`, body, { ...merge, ...asWrits('controller') }),
        ).toBe('done');
      },
    );

    it('say by which schedule a session was created', async () => {
      for (const key of ['schedule-uid', 'scheduled-time']) {
        const forged = { ...session('forged'), spec: {} };
        Object.assign(forged.metadata, { annotations: { [WRITS + key]: stored.metadata.uid } });
        expect(await asked('POST', SESSIONS(PROJECT) + DRY, forged)).toMatch(
          /schedule-uid .* set by Writ alone/,
        );
      }
    });
  });

  it('let others change what is theirs, and Kubernetes its status', async () => {
    expect(await patch({ metadata: { labels: { team: 'a' }, annotations: { note: 'b' } } })).toBe('done');
    const status = { lastScheduleTime: '2026-01-01T00:00:00Z' };
    expect(await asked('PATCH', `${CRON_JOBS}/nightly/status${DRY}`, { status }, merge)).toBe('done');
    expect(await asked('DELETE', `${CRON_JOBS}/nightly${DRY}`)).toBe('done');
  });

  describe('let Writ', () => {
    const create = (object: AnyObject, who = 'api') => asked('POST', CRON_JOBS + DRY, object, asWrits(who));

    it('create one', async () => {
      expect(await create(fresh())).toBe('done');
    });

    it('not create one with its controller, nor delete one so', async () => {
      expect(await create(fresh(), 'controller')).toMatch(
        /controller creates and deletes no scheduled sessions|are created by Writ alone/,
      );
      const options = deletion(stored.metadata.uid);
      const path = `${CRON_JOBS}/nightly`;
      expect(await asked('DELETE', path, options, asWrits('controller'))).toMatch(/creates and deletes no/);
      expect(await asked('DELETE', path, options, asWrits('api'))).toBe('done');
      expect(await asked('DELETE', path + DRY, undefined, asWrits('api'))).toMatch(
        /with their UID as a precondition/,
      );
    });

    it.each(Object.entries(FORGED_TRIGGERS))('create none that %s', async (_, [spoil, message]) => {
      const object = fresh();
      spoil(object);
      expect(await create(object)).toMatch(message);
    });

    it('let its pods run as no account but its own', async () => {
      const account = (serviceAccountName: string) => ({
        spec: { jobTemplate: { spec: { template: { spec: { serviceAccountName } } } } },
      });
      const REFUSED = /run as its own service account/;
      for (const name of [
        'default',
        UNSET_ACCOUNT,
        `schedule-${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`,
      ]) {
        const path = `${CRON_JOBS}/nightly`;
        expect(await asked('PATCH', path, account(name), { ...merge, ...asWrits('api') })).toMatch(REFUSED);
      }
    });

    it('neither take a name for it, nor change other annotations and labels', async () => {
      const path = `${CRON_JOBS}/nightly`;
      const changes = [
        [{ metadata: { annotations: { note: 'c' } } }, /annotates scheduled sessions only with/],
        [
          { metadata: { annotations: { [`${WRITS}active-sessions`]: '[1]' } } },
          /annotates scheduled sessions only with/,
        ],
        [{ metadata: { labels: { team: 'b' } } }, /changes only annotations/],
        [{ metadata: { finalizers: ['example.com/held'] } }, /changes only annotations/],
      ] as const;
      for (const [body, message] of changes)
        expect(await asked('PATCH', path, body, { ...merge, ...asWrits('api') })).toMatch(message);
    });

    it('not ask for one by a patch that changes nothing, nor change CronJobs of others', async () => {
      const headers = { ...merge, ...asWrits('api') };
      expect(await asked('PATCH', `${CRON_JOBS}/nightly`, {}, headers)).toMatch(
        /a patch by Writ changes the object/,
      );
      const other = fresh();
      delete other.metadata.labels;
      other.metadata.name = 'of-others';
      const { metadata } = await admin.must('POST', CRON_JOBS, other);
      const labels = { [`${WRITS}scheduled-session`]: 'true' };
      for (const body of [{ spec: { suspend: false } }, { metadata: { labels } }])
        expect(await asked('PATCH', `${CRON_JOBS}/of-others`, body, headers)).toMatch(
          /writes only CronJobs with/,
        );
      const options = deletion(metadata.uid);
      expect(await asked('DELETE', `${CRON_JOBS}/of-others`, options, asWrits('api'))).toMatch(
        /writes only CronJobs with/,
      );
    });
  });

  describe('on the account of a schedule', () => {
    const kinds = {
      ServiceAccount: CORE(PROJECT, 'serviceaccounts'),
      Role: RBAC(PROJECT, 'roles'),
      RoleBinding: RBAC(PROJECT, 'rolebindings'),
    };
    const UID = '5e551000-0000-4000-8000-0000000000bb';

    /** As Writ has created it, for a schedule with another UID. */
    async function account(kind: keyof typeof kinds): Promise<AnyObject> {
      const object = await admin.must('GET', `${kinds[kind]}/schedule-${stored.metadata.uid}`);
      const { labels, annotations, ownerReferences } = object.metadata;
      const name = object.metadata.name;
      const text = JSON.stringify({ ...object, metadata: { name, labels, annotations, ownerReferences } });
      return JSON.parse(text.replaceAll(stored.metadata.uid, UID));
    }
    const create = async (kind: keyof typeof kinds, spoil: Spoil = () => {}, who = 'api') => {
      const object = await account(kind);
      spoil(object);
      return asked('POST', kinds[kind] + DRY, object, asWrits(who));
    };

    it.each(Object.keys(kinds) as (keyof typeof kinds)[])(
      'let its API make the %s, and its controller not',
      async (kind) => {
        expect(await create(kind)).toBe('done');
        expect(await create(kind, undefined, 'controller')).toMatch(
          /only Writ's API creates|Writ binds only/,
        );
      },
    );

    it.each(FORGED_ACCOUNTS)('let it make no %s that %s', async (kind, _, spoil, message) => {
      expect(await create(kind, spoil)).toMatch(message);
    });

    it('let it mint no token of it', async () => {
      const path = `${kinds.ServiceAccount}/schedule-${stored.metadata.uid}/token${DRY}`;
      expect(await asked('POST', path, { spec: {} }, asWrits('api'))).toMatch(
        /only for the service accounts of runs/,
      );
    });
  });
});
