import { describe, expect, it } from 'vitest';
import { addressList } from '../../src/verification/audit-log.ts';
import { API, CONTROLLER, check, line, named, REQUEST as R, review, SESSIONS, UID } from './fixture.ts';

const RUN = `session-${UID}-1`;
const OTHER_RUN = 'session-99999999-2222-4333-8444-555555555555-1';
const SCHEDULE = `system:serviceaccount:demo:schedule-${UID}`;
const ownerReview = (auditId: string, verb: string, more: object = {}) =>
  line(auditId, API, 'create authorization.k8s.io/localsubjectaccessreviews', {
    level: 'RequestResponse',
    responseObject: {
      spec: {
        user: 'alice',
        resourceAttributes: {
          verb,
          group: 'vteam.ambient-code',
          resource: 'agenticsessions',
          namespace: 'demo',
          ...more,
        },
      },
      status: { allowed: true },
    },
  });
const ticking = (status = 200) =>
  line(`${R}.1`, SCHEDULE, 'get batch/cronjobs', { name: 'nightly', responseStatus: { code: status } });

describe('what is to hide a violation does not', () => {
  it.each<[string, string[], string[]]>([
    [
      'a number that was used before, outside of any request',
      [
        line('probe.1', API, 'create authentication.k8s.io/selfsubjectreviews', {
          namespace: '',
          level: 'RequestResponse',
          responseObject: { status: { userInfo: { username: API } } },
        }),
        line('probe.1', API, 'list /secrets'),
      ],
      ['malformed-audit-id probe.1'],
    ],
    [
      'impersonation',
      [line(`${R}.1`, API, 'list /secrets', { impersonatedUser: { username: 'alice' } })],
      [`impersonation R.1`],
    ],
    [
      "a review to create sessions, for another session's status",
      [
        review(`${R}.1`, 'alice', `create ${SESSIONS}`),
        line(`${R}.2`, API, `create ${SESSIONS}`, { name: 's1' }),
        line(`${R}.3`, API, `patch ${SESSIONS}/status`, { name: 'victim' }),
      ],
      ['api-write-without-review R.3'],
    ],
    [
      "a review to create sessions, for another run's token and Secret",
      [
        review(`${R}.1`, 'alice', `create ${SESSIONS}`),
        line(`${R}.2`, API, `create ${SESSIONS}`, { name: 's1' }),
        line(`${R}.3`, API, 'create /serviceaccounts/token', { name: OTHER_RUN }),
        line(`${R}.4`, API, 'patch /secrets', { name: OTHER_RUN }),
      ],
      ['api-write-without-review R.3', 'api-write-without-review R.4'],
    ],
    [
      'a schedule that could not read its CronJob',
      [
        ticking(403),
        ownerReview(`${R}.2`, 'create'),
        line(`${R}.3`, API, `create ${SESSIONS}`, { name: 's1' }),
      ],
      ['api-owner-review R.2'],
    ],
    [
      "a review of an owner, for what only a caller's review permits",
      [
        ticking(),
        ownerReview(`${R}.2`, 'create'),
        line(`${R}.3`, API, 'delete batch/cronjobs', { name: 'other' }),
      ],
      ['api-write-without-review R.3'],
    ],
    [
      'the id of a watch, for a write of the controller',
      [
        line('host.1.1', CONTROLLER, `get ${SESSIONS}`, { name: 's1' }),
        line('host.1.2', CONTROLLER, 'delete batch/jobs', { name: RUN }),
      ],
      ['malformed-audit-id host.1.2'],
    ],
    [
      'a session of another namespace, which the controller has read',
      [
        line(`${R}.1`, CONTROLLER, `get ${SESSIONS}`, { name: 's1', namespace: 'other' }),
        line(`${R}.2`, CONTROLLER, 'create batch/jobs', { name: RUN }),
      ],
      ['controller-session-not-read R.2'],
    ],
    [
      'a value that looks like a dry run',
      [
        line(`${R}.1`, CONTROLLER, 'delete batch/jobs', {
          name: RUN,
          requestURI: '/x?fieldManager=a?dryRun=All',
        }),
      ],
      ['controller-session-not-read R.1'],
    ],
    [
      'the name of the lease',
      [
        line('x.1', CONTROLLER, 'delete coordination.k8s.io/leases', {
          namespace: 'writ-system',
          name: 'writ-controller',
        }),
      ],
      ['controller-no-duty x.1'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(named(check(lines))).toEqual(expected);
    expect(named(check(lines.toReversed())).toSorted()).toEqual(expected);
  });
});

describe('an honest log is clean', () => {
  it.each<[string, string[]]>([
    [
      'other programs make reviews, whose answers are not logged',
      [
        review(`${R}.1`, 'alice', `create ${SESSIONS}`),
        line('x', 'system:node:n', 'create authorization.k8s.io/subjectaccessreviews', {
          userAgent: 'kubelet/v1.37',
        }),
      ],
    ],
    [
      'a create is refused before the API server has read the object',
      [
        review(`${R}.1`, 'alice', `create ${SESSIONS}`),
        line(`${R}.2`, API, `create ${SESSIONS}`, { name: 's1' }),
        line(`${R}.3`, API, 'create /secrets', { responseStatus: { code: 429 } }),
        line(`${R}.4`, API, 'create /secrets', { name: RUN }),
      ],
    ],
    [
      'the controller renews a token, and deletes an ended run',
      [
        line(`${R}.1`, CONTROLLER, 'get /serviceaccounts', { name: RUN }),
        line(`${R}.2`, CONTROLLER, 'create /serviceaccounts/token', { name: RUN }),
        line(`${R}.3`, CONTROLLER, 'list batch/jobs'),
        line(`${R}.4`, CONTROLLER, 'delete batch/jobs', { name: RUN }),
      ],
    ],
    [
      'the cluster has generated the name of the session',
      [
        review(`${R}.1`, 'alice', `create ${SESSIONS}`),
        line(`${R}.2`, API, `create ${SESSIONS}`),
        line(`${R}.3`, API, `patch ${SESSIONS}/status`, { name: 'session-x1' }),
      ],
    ],
  ])('%s', (_, lines) => {
    expect(named(check(lines))).toEqual([]);
  });
});

it('a number of any size costs no time, and its gap is named', () => {
  const lines = [
    review(`${R}.1`, 'alice', `create ${SESSIONS}`),
    line(`${R}.1000000`, 'alice', `list ${SESSIONS}`),
  ];
  expect(check(lines).violations).toEqual([
    { kind: 'missing-calls', auditId: R, message: 'of 1000000 calls are missing: 2-999999' },
  ]);
});

it.each(['10.0.0.0/', '10.0.0.0/x', 'pods', '10.0.0.0/64'])('%s is no network', (given) => {
  expect(() => addressList([given])).toThrow(`${given} is neither an address nor a network`);
});
