import { randomUUID } from 'node:crypto';
import { actOf } from '../../../src/verification/api-grants.ts';
import type { ViolationKind } from '../../../src/verification/finding.ts';
import { BACKEND, CONTROLLER } from '../../support/test-cluster.ts';
import { type EditableEvent, edited, type Line } from './recorded-log.ts';

/** A violation in a log that had none. */
interface Planted {
  kind: ViolationKind;
  /** What its finding names. */
  auditId: string;
  /** In place of the line; one more line if it is none of the log. */
  instead?: Line;
  line: Line;
}

const SESSIONS = 'vteam.ambient-code/agenticsessions';
const SELF_ACCESS_REVIEW = 'create authorization.k8s.io/selfsubjectaccessreviews';

/** One violation of each kind that a defect, or a stolen credential, could cause. Each is in a request of its own. */
export function plant(lines: readonly Line[]): Planted[] {
  const used = new Set<string>();
  const requestOf = (line: Line) => line.call?.auditId.replace(/\.\d+$/, '') ?? '';
  const byRequest = Map.groupBy(lines, requestOf);
  const inRequest = (line: Line) => byRequest.get(requestOf(line)) ?? [];
  const is = (line: Line, act: string, username?: string) =>
    line.call !== undefined &&
    actOf(line.call) === act &&
    (username === undefined || line.call.username === username);
  const isDone = ({ call }: Line) => call !== undefined && call.status >= 200 && call.status < 300;

  /** A line of a request that nothing was planted in yet. */
  function take(what: string, predicate: (line: Line) => boolean): Line {
    const line = lines.find(
      (each) => each.call && !used.has(requestOf(each)) && isDone(each) && predicate(each),
    );
    if (!line) throw new Error(`no line to plant in: ${what}`);
    used.add(requestOf(line));
    return line;
  }
  const writeOf = (act: string, more: (line: Line) => boolean = () => true) =>
    take(act, (line) => is(line, act, BACKEND) && more(line));
  const userRead = () => take('a read', ({ call }) => call?.verb === 'list' && call.username === 'admin');
  const ofController = () =>
    take(
      'a pass',
      (line) =>
        is(line, `get ${SESSIONS}`, CONTROLLER) && /^[0-9a-f-]{36}\.\d+$/.test(line.call?.auditId ?? ''),
    );
  const add = (kind: ViolationKind, base: Line, edit: (event: EditableEvent) => void): Planted => {
    const last = Math.max(...inRequest(base).map(({ call }) => Number(call?.auditId.split('.').at(-1))));
    const line = edited(base, (event) => {
      event.auditID = `${requestOf(base)}.${last + 1}`;
      edit(event);
    });
    return { kind, auditId: line.call?.auditId ?? '', line };
  };
  const change = (
    kind: ViolationKind,
    line: Line,
    edit: (event: EditableEvent) => void,
    named = line,
  ): Planted => ({
    kind,
    auditId: named.call?.auditId ?? '',
    instead: line,
    line: edited(line, edit),
  });
  const reviewFor = (write: Line) => {
    const review = inRequest(write).find(
      (line) => is(line, SELF_ACCESS_REVIEW) && line.call?.review?.isAllowed,
    );
    if (!review) throw new Error('no review');
    return review;
  };
  const asApi = (event: EditableEvent) => {
    event.user = { username: BACKEND };
  };
  const asController = (event: EditableEvent) => {
    event.user = { username: CONTROLLER };
  };
  const to = (event: EditableEvent, verb: string, reference: object, path: string) => {
    event.verb = verb;
    event.objectRef = { apiVersion: 'v1', ...reference };
    event.requestURI = path;
  };

  const denied = writeOf(`create ${SESSIONS}`);
  const elsewhere = writeOf(`create ${SESSIONS}`);
  const early = writeOf(`create ${SESSIONS}`);
  const otherName = writeOf(`patch ${SESSIONS}`);
  const child = writeOf('create batch/jobs', (line) =>
    inRequest(line).some((each) => is(each, `patch ${SESSIONS}`, BACKEND)),
  );
  const token = writeOf('create /serviceaccounts/token');
  const project = writeOf('create /namespaces');
  const foreignReview = writeOf(`create ${SESSIONS}`);
  const session = writeOf(`create ${SESSIONS}`);
  const base = userRead();
  return [
    add('api-read', userRead(), asApi),
    add('api-dry-run', session, (event) => {
      event.requestURI += `${event.requestURI.includes('?') ? '&' : '?'}dryRun=All`;
    }),
    add('api-write-of-no-grant', userRead(), (event) => {
      asApi(event);
      to(event, 'create', { resource: 'pods', namespace: 'demo', name: 'x' }, '/api/v1/namespaces/demo/pods');
    }),
    // In a request of its own, without any review.
    {
      ...add('api-write-without-review', base, asApi),
      ...(() => {
        const auditId = `${randomUUID()}.1`;
        const line = edited(session, (event) => {
          event.auditID = auditId;
        });
        return { auditId, line };
      })(),
    },
    change(
      'api-write-without-review',
      reviewFor(denied),
      (event) => {
        event.responseObject.status.allowed = false;
      },
      denied,
    ),
    change('api-write-without-review', elsewhere, (event) => {
      event.objectRef.namespace = 'research';
    }),
    change('api-write-without-review', early, (event) => {
      event.requestReceivedTimestamp = '2001-01-01T00:00:00.000000Z';
    }),
    change(
      'api-write-without-review',
      reviewFor(otherName),
      (event) => {
        event.responseObject.spec.resourceAttributes.name = 'another';
      },
      otherName,
    ),
    change(
      'several-users',
      reviewFor(foreignReview),
      (event) => {
        event.user = { username: 'somebody' };
      },
      reviewFor(foreignReview),
    ),
    change('child-of-another-session', child, (event) => {
      event.objectRef.name = token.call?.name;
    }),
    change('api-write-without-review', token, (event) => {
      event.objectRef.name = 'default';
    }),
    add('api-write-without-review', project, (event) => {
      to(
        event,
        'create',
        { apiGroup: 'rbac.authorization.k8s.io', resource: 'rolebindings', namespace: 'demo', name: 'x' },
        '/apis/rbac.authorization.k8s.io/v1/namespaces/demo/rolebindings',
      );
    }),
    add('api-owner-review', userRead(), (event) => {
      asApi(event);
      to(
        event,
        'create',
        { apiGroup: 'authorization.k8s.io', resource: 'localsubjectaccessreviews', namespace: 'demo' },
        '/apis/authorization.k8s.io/v1/namespaces/demo/localsubjectaccessreviews',
      );
      event.level = 'RequestResponse';
      event.responseObject = { spec: { user: 'alice' }, status: { allowed: true } };
    }),
    add('several-users', userRead(), (event) => {
      event.user = { username: 'somebody' };
    }),
    { ...add('identity-of-writ-used-elsewhere', base, asApi), ...stolen(base) },
    add('controller-no-duty', ofController(), (event) => {
      to(
        event,
        'get',
        { resource: 'secrets', namespace: 'demo', name: 'x' },
        '/api/v1/namespaces/demo/secrets/x',
      );
    }),
    add('controller-no-duty', ofController(), (event) => {
      asController(event);
      to(event, 'create', { resource: 'pods', namespace: 'demo', name: 'x' }, '/api/v1/namespaces/demo/pods');
    }),
    {
      kind: 'controller-session-not-read',
      ...(() => {
        const auditId = `${randomUUID()}.1`;
        const line = edited(session, (event) => {
          asController(event);
          event.auditID = auditId;
          to(
            event,
            'create',
            { apiGroup: 'batch', resource: 'jobs', namespace: 'demo', name: token.call?.name },
            '/apis/batch/v1/namespaces/demo/jobs',
          );
        });
        return { auditId, line };
      })(),
    },
    {
      kind: 'malformed-audit-id',
      auditId: 'none',
      line: edited(base, (event) => {
        event.auditID = 'none';
      }),
    },
    ...(() => {
      const line = userRead();
      const other = edited(line, (event) => {
        event.requestURI += '?limit=1';
      });
      return [{ kind: 'duplicate-call' as const, auditId: line.call?.auditId ?? '', line: other }];
    })(),
    ...(() => {
      const line = writeOf(`patch ${SESSIONS}/status`);
      return [{ kind: 'missing-calls' as const, auditId: requestOf(line), instead: line, line: base }];
    })(),
  ];

  function stolen(line: Line) {
    const auditId = randomUUID();
    const kubectl = edited(line, (event) => {
      asApi(event);
      event.auditID = auditId;
      event.userAgent = 'kubectl/v1.37.2 (linux/amd64) kubernetes/0000000';
    });
    return { auditId, line: kubectl };
  }
}

/** The log with what was planted. */
export function withPlanted(lines: readonly Line[], planted: readonly Planted[]): Line[] {
  const instead = new Map(
    planted.flatMap(({ instead, line }) => (instead ? [[instead, line] as const] : [])),
  );
  return [
    ...lines.map((line) => instead.get(line) ?? line),
    ...planted.flatMap(({ instead, line }) => (instead ? [] : [line])),
  ];
}
