import { describe, expect, it } from 'vitest';
import { addressList } from '../../src/verification/audit-log.ts';
import {
  API,
  CONTROLLER,
  check,
  createdSession,
  line,
  named,
  REQUEST as R,
  review,
  SESSIONS,
  UID,
} from './fixture.ts';

const RUN = `session-${UID}-1`;
const NAMESPACES = '/namespaces';
const BINDINGS = 'rbac.authorization.k8s.io/rolebindings';

describe('a log of what Writ does', () => {
  it.each<[string, string[]]>([
    ['creates a session with its run', createdSession()],
    [
      'stops a session',
      [
        review(`${R}.1`, 'alice', `update ${SESSIONS}`, { name: 's1' }),
        line(`${R}.2`, API, `patch ${SESSIONS}`, { name: 's1' }),
        line(`${R}.3`, API, 'delete batch/jobs', { name: RUN }),
        line(`${R}.4`, API, `patch ${SESSIONS}/status`, { name: 's1' }),
      ],
    ],
    [
      'creates a project',
      [
        review(`${R}.1`, 'alice', 'create project.openshift.io/projectrequests', { namespace: '' }),
        line(`${R}.2`, API, `create ${NAMESPACES}`, { namespace: '', name: 'new' }),
        line(`${R}.3`, API, `create ${BINDINGS}`, { namespace: 'new', name: 'writ-backend-project' }),
      ],
    ],
    [
      'deletes a project',
      [
        review(`${R}.1`, 'alice', `delete ${NAMESPACES}`, { namespace: 'old', name: 'old' }),
        line(`${R}.2`, API, `delete ${NAMESPACES}`, { namespace: 'old', name: 'old' }),
      ],
    ],
    [
      'asks why one of its writes was denied',
      [
        review(`${R}.1`, 'alice', `create ${SESSIONS}`),
        line(`${R}.2`, API, `create ${SESSIONS}`, { name: 's1', responseStatus: { code: 403 } }),
        review(`${R}.3`, API, `create ${SESSIONS}`),
      ],
    ],
    [
      'checks its own credentials',
      [
        line('probe.1', API, 'create authentication.k8s.io/selfsubjectreviews', {
          namespace: '',
          level: 'RequestResponse',
          responseObject: { status: { userInfo: { username: API } } },
        }),
      ],
    ],
    [
      "calls for a schedule's owner",
      [
        line(`${R}.1`, `system:serviceaccount:demo:schedule-${UID}`, 'get batch/cronjobs', {
          name: 'nightly',
        }),
        line(`${R}.2`, API, 'create authorization.k8s.io/localsubjectaccessreviews', {
          level: 'RequestResponse',
          responseObject: {
            spec: {
              user: 'alice',
              resourceAttributes: {
                verb: 'create',
                group: 'vteam.ambient-code',
                resource: 'agenticsessions',
                namespace: 'demo',
              },
            },
            status: { allowed: true },
          },
        }),
        line(`${R}.3`, API, `create ${SESSIONS}`, { name: 's1' }),
      ],
    ],
    [
      "does the controller's duties",
      [
        line(`${R}.1`, CONTROLLER, `get ${SESSIONS}`, { name: 's1' }),
        line(`${R}.2`, CONTROLLER, 'create batch/jobs', { name: RUN }),
        line('host-1.lease.1.1', CONTROLLER, 'update coordination.k8s.io/leases', {
          namespace: 'writ-system',
          name: 'writ-controller',
        }),
        line('host-1.2.1', CONTROLLER, 'watch /pods', { namespace: '' }),
      ],
    ],
  ])('is clean: it %s', (_, lines) => {
    expect(named(check(lines))).toEqual([]);
    expect(named(check(lines.toReversed()))).toEqual([]);
    expect(named(check([...lines, ...lines]))).toEqual([]);
  });
});

describe('a violation is named', () => {
  const allowed = () => review(`${R}.1`, 'alice', `create ${SESSIONS}`);
  it.each<[string, string[], string[]]>([
    ['a read by the API', [line(`${R}.1`, API, 'list /secrets')], [`api-read R.1`]],
    [
      'a dry run by the API',
      [allowed(), line(`${R}.2`, API, `create ${SESSIONS}`, { requestURI: '/x?dryRun=All' })],
      ['api-dry-run R.2'],
    ],
    ['a write of no grant', [allowed(), line(`${R}.2`, API, 'create /pods')], ['api-write-of-no-grant R.2']],
    [
      'a write without a review',
      [line(`${R}.1`, API, `create ${SESSIONS}`)],
      ['api-write-without-review R.1'],
    ],
    [
      'a write after a denied review',
      [
        review(`${R}.1`, 'alice', `create ${SESSIONS}`, { allowed: false }),
        line(`${R}.2`, API, `create ${SESSIONS}`),
      ],
      ['api-write-without-review R.2'],
    ],
    [
      'a write elsewhere',
      [allowed(), line(`${R}.2`, API, `create ${SESSIONS}`, { namespace: 'other' })],
      ['api-write-without-review R.2'],
    ],
    [
      'a write that another review permits',
      [
        review(`${R}.1`, 'alice', `update ${SESSIONS}`, { name: 's1' }),
        line(`${R}.2`, API, `patch ${SESSIONS}`, { name: 's2' }),
      ],
      ['api-write-without-review R.2'],
    ],
    [
      'a write before its review',
      [line(`${R}.2`, API, `create ${SESSIONS}`), allowed()],
      ['api-write-without-review R.2'],
    ],
    [
      'a token of another account',
      [allowed(), line(`${R}.2`, API, 'create /serviceaccounts/token', { name: 'default' })],
      ['api-write-without-review R.2'],
    ],
    [
      'a binding in a project that was there',
      [
        review(`${R}.1`, 'alice', 'create project.openshift.io/projectrequests', { namespace: '' }),
        line(`${R}.2`, API, `create ${BINDINGS}`, { name: 'x' }),
      ],
      ['api-write-without-review R.2'],
    ],
    [
      'a review of its own rights for nothing',
      [review(`${R}.1`, API, `create ${SESSIONS}`)],
      ['api-owner-review R.1'],
    ],
    [
      'two users in one request',
      [allowed(), line(`${R}.2`, 'mallory', `list ${SESSIONS}`)],
      ['several-users R.2'],
    ],
    [
      'a review that another user has made',
      [
        review(`${R}.1`, 'mallory', `create ${SESSIONS}`),
        line(`${R}.2`, 'alice', `list ${SESSIONS}`),
        line(`${R}.3`, API, `create ${SESSIONS}`),
      ],
      ['several-users R.2'],
    ],
    [
      "the API's identity in kubectl",
      [line('x', API, 'list /secrets', { userAgent: 'kubectl/v1.37' })],
      ['identity-of-writ-used-elsewhere x'],
    ],
    [
      'a secret that the controller reads',
      [line(`${R}.1`, CONTROLLER, 'get /secrets', { name: RUN })],
      ['controller-no-duty R.1'],
    ],
    [
      'a run that the controller makes without the session',
      [line(`${R}.1`, CONTROLLER, 'create batch/jobs', { name: RUN })],
      ['controller-session-not-read R.1'],
    ],
    ['an Audit-ID that is none', [line('none', 'alice', `list ${SESSIONS}`)], ['malformed-audit-id none']],
    ['a missing call', [allowed(), line(`${R}.3`, API, `create ${SESSIONS}`)], ['missing-calls R']],
    [
      'a number of two calls',
      [allowed(), line(`${R}.1`, 'alice', `list ${SESSIONS}`)],
      ['duplicate-call R.1'],
    ],
    [
      'an object of another session',
      [
        ...createdSession(),
        review('6b1f0f0e-1f2a-4c3d-8e4f-000000000002.1', 'alice', `update ${SESSIONS}`, { name: 's2' }),
        line('6b1f0f0e-1f2a-4c3d-8e4f-000000000002.2', API, `patch ${SESSIONS}`, { name: 's2' }),
        line('6b1f0f0e-1f2a-4c3d-8e4f-000000000002.3', API, 'delete batch/jobs', { name: RUN }),
      ],
      ['child-of-another-session 6b1f0f0e-1f2a-4c3d-8e4f-000000000002.3'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(named(check(lines))).toEqual(expected);
  });
});

describe('a foreign call', () => {
  it('with an Audit-ID of Writ is named, and fills no gap', () => {
    const [review_, session, , ...others] = createdSession();
    const foreign = line(`${R}.3`, 'mallory', `list ${SESSIONS}`, { userAgent: 'curl/8' });
    const verdict = check([review_ ?? '', session ?? '', foreign, ...others]);
    expect(named(verdict)).toEqual(['missing-calls R']);
    expect(verdict.foreign.map(({ auditId }) => auditId)).toEqual([`${R}.3`]);
  });

  it('as Writ, by its name, is known by the address of the connection, whatever addresses it claims', () => {
    const writ = { addresses: addressList(['10.1.0.0/16', 'fd00::1']) };
    const claimed = line(`${R}.8`, 'mallory', `list ${SESSIONS}`, { sourceIPs: ['10.1.0.7', '10.9.0.1'] });
    const verdict = check([...createdSession(), claimed], [], writ);
    expect([named(verdict), verdict.foreign.length]).toEqual([[], 1]);
    expect(named(check([...createdSession(), claimed]))).toEqual(['several-users R.8']);
  });
});

describe('a log that cannot be used is refused', () => {
  it.each<[string, string[], RegExp]>([
    ['no JSON', ['{"kind":"Event"'], /is not JSON/],
    ['another log', ['{"msg":"hello"}'], /is not an event of an audit log/],
    [
      'reviews without bodies',
      [review(`${R}.1`, 'alice', `create ${SESSIONS}`, { level: 'Metadata', responseObject: undefined })],
      /RequestResponse/,
    ],
    ['no line', [], /no lines/],
  ])('%s', (_, lines, message) => {
    expect(() => check(lines)).toThrow(message);
  });

  it('receipts without any call of Writ', () => {
    const foreign = line('x', 'alice', `list ${SESSIONS}`, { userAgent: 'kubectl/v1.37' });
    expect(() => check([foreign], [{ level: 'info', msg: 'operation', requestId: R, calls: 1 }])).toThrow(
      /no call of Writ/,
    );
  });
});
