import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Reply, status } from '../support/cluster-proxy.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation, updateSessionMutation } from '../support/session-operations.ts';

const PROJECT = 'strict';
const WHY = 'cost centre is missing';
const WEBHOOK = `admission webhook "budget.example.org" denied the request: ${WHY}`;
const POLICY = `sessions "x" is forbidden: ValidatingAdmissionPolicy 'cost' with binding 'cost' denied request: ${WHY}`;
const quota = (resource: string) =>
  `${resource} "x" is forbidden: exceeded quota: team, requested: count/${resource}=1, used: count/${resource}=5`;
const TERMINATING = 'unable to create new content in namespace strict because it is being terminated';

const CREATE = createSessionMutation();
const UPDATE = updateSessionMutation('displayName');
const START = `mutation { startSession(project: "${PROJECT}", name: "kept") { session { name } } }`;
const DELETE = `mutation { deleteSession(project: "${PROJECT}", name: "kept") { deletedId } }`;
const input = { project: PROJECT };
const changed = { input: { ...input, name: 'kept', displayName: 'x' } };

type Row = [
  what: string,
  query: string,
  variables: object,
  write: [string, string],
  reply: Reply,
  expected: object,
];
const forbidden = (message: string, more = {}) => status(403, 'Forbidden', { message, ...more });
const said = (code: string, reason: string, message: string) => ({
  message: expect.stringContaining(message),
  extensions: { code, reason },
});

const ROWS: Row[] = [
  [
    'a webhook, a new session',
    CREATE,
    { input },
    ['POST', '/agenticsessions?'],
    forbidden(WEBHOOK),
    said('FORBIDDEN', 'AdmissionDenied', WHY),
  ],
  [
    'a webhook with 400, a new session',
    CREATE,
    { input },
    ['POST', '/agenticsessions?'],
    status(400, 'BadRequest', { message: WEBHOOK }),
    said('BAD_USER_INPUT', 'AdmissionDenied', WHY),
  ],
  [
    'a webhook with 401, a new session',
    CREATE,
    { input },
    ['POST', '/agenticsessions?'],
    status(401, 'Unauthorized', { message: WEBHOOK }),
    said('FORBIDDEN', 'AdmissionDenied', WHY),
  ],
  [
    'a policy, a new session',
    CREATE,
    { input },
    ['POST', '/agenticsessions?'],
    status(422, 'Invalid', { message: POLICY, details: { causes: [{ message: POLICY }] } }),
    said('BAD_USER_INPUT', 'AdmissionDenied', WHY),
  ],
  [
    'a quota, a new session',
    CREATE,
    { input },
    ['POST', '/agenticsessions?'],
    forbidden(quota('agenticsessions')),
    said('FORBIDDEN', 'QuotaExceeded', 'exceeded quota: team'),
  ],
  [
    'a quota, the Job of a new session',
    CREATE,
    { input },
    ['POST', '/jobs?'],
    forbidden(quota('jobs.batch')),
    said('FORBIDDEN', 'QuotaExceeded', 'exceeded quota: team'),
  ],
  [
    'a quota, the Secret of a new session',
    CREATE,
    { input },
    ['POST', '/secrets?'],
    forbidden(quota('secrets')),
    said('FORBIDDEN', 'QuotaExceeded', "exceed the project's quota"),
  ],
  [
    'the end of its namespace, a new session',
    CREATE,
    { input },
    ['POST', '/agenticsessions?'],
    forbidden(TERMINATING, { details: { causes: [{ reason: 'NamespaceTerminating' }] } }),
    said('FORBIDDEN', 'NamespaceTerminating', 'being terminated'),
  ],
  [
    'a webhook, a change',
    UPDATE,
    changed,
    ['PATCH', '/agenticsessions/'],
    forbidden(WEBHOOK),
    said('FORBIDDEN', 'AdmissionDenied', WHY),
  ],
  [
    'a webhook, a start',
    START,
    {},
    ['PATCH', '/agenticsessions/'],
    forbidden(WEBHOOK),
    said('FORBIDDEN', 'AdmissionDenied', WHY),
  ],
  [
    'a webhook, a deletion',
    DELETE,
    {},
    ['DELETE', '/agenticsessions/'],
    forbidden(WEBHOOK),
    said('FORBIDDEN', 'AdmissionDenied', WHY),
  ],
];

describe('a write that admission rejects', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false }, environment: { WRIT_LOG_LEVEL: 'info' } });
  const admin = writ.kubernetes('admin');
  let sent = 0;
  beforeAll(() => putProject(admin, PROJECT));
  beforeEach(async () => {
    sent = 0;
    await admin.delete(`/apis/vteam.ambient-code/v1alpha1/namespaces/${PROJECT}/agenticsessions/kept`);
    await putSession(admin, PROJECT, 'kept');
  });

  /** Answers a write so, and reviews too if `review` is given. */
  function reject([method, part]: [string, string], reply: Reply, review?: Reply) {
    writ.proxy.set((request, forward) => {
      if (review && request.path.includes('/selfsubjectaccessreviews') && sent > 0) return review;
      if (request.method !== method || !request.path.includes(part)) return forward();
      sent += 1;
      return reply;
    });
  }

  it.each(ROWS)(
    'because of %s: says what admission said',
    async (_, query, variables, write, reply, expected) => {
      reject(write, reply);
      const { data, errors } = await writ.as('admin', query, variables);
      expect(errors).toMatchObject([expected]);
      expect(errors?.[0]?.message).not.toMatch(/may not/);
      expect(errors?.[0]?.extensions).not.toHaveProperty('verb');
      expect(Object.values(data)).toEqual([null]);
    },
  );

  it('is logged with what admission said', async () => {
    reject(['POST', '/agenticsessions?'], forbidden(WEBHOOK));
    await writ.as('alice', CREATE, { input });
    expect(writ.log.text()).toContain(WHY);
  });

  it('shows one line of at most 500 characters, without control characters', async () => {
    reject(['POST', '/agenticsessions?'], forbidden(`first\n\u001b[31mred\u202e ${'x'.repeat(5_000)}`));
    const { errors } = await writ.as('alice', CREATE, { input });
    const { message } = errors?.[0] ?? { message: '' };
    expect(message).toMatch(/first \[31mred x+…$/);
    expect(message.length).toBeLessThan(700);
  });

  it('shows nothing that was said about a Secret: it could repeat the token', async () => {
    reject(['PATCH', '/secrets/'], forbidden(`webhook says s3cret`));
    const { errors, text } = await writ.as('alice', CREATE, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', reason: 'AdmissionDenied' } }]);
    expect(text).not.toContain('s3cret');
    expect(writ.log.text()).not.toContain('s3cret');
  });

  it('says so too if its code is that of a precondition, however busy the session is', async () => {
    writ.proxy.set(async (request, forward) => {
      if (request.method !== 'PATCH' || !request.path.includes('/agenticsessions/')) return forward();
      sent += 1;
      // Its runner writes meanwhile.
      const path = `/apis/vteam.ambient-code/v1alpha1/namespaces/${PROJECT}/agenticsessions/kept/status`;
      await admin.patch(path, { status: { phase: sent % 2 ? 'Completed' : 'Failed' } });
      return status(422, 'Invalid', { message: WEBHOOK });
    });
    const { errors } = await writ.as('alice', updateSessionMutation('initialPrompt'), {
      input: { ...input, name: 'kept', initialPrompt: 'x' },
    });
    expect(errors).toMatchObject([said('BAD_USER_INPUT', 'AdmissionDenied', WHY)]);
    expect(sent).toBe(1);
  });

  it('is not what the page of a proxy is with 403', async () => {
    reject(['POST', '/agenticsessions?'], { status: 403, body: '<html>s3cret</html>' });
    const { errors, text } = await writ.as('alice', CREATE, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect(text).not.toContain('s3cret');
    expect(sent).toBe(1);
  });

  it('is sent once more if the review allows it: the permission may have come in between', async () => {
    writ.proxy.set((request, forward) => {
      if (request.method !== 'POST' || !request.path.includes('/agenticsessions?')) return forward();
      sent += 1;
      return sent === 1 ? forbidden('no RBAC policy matched') : forward();
    });
    const { errors } = await writ.as('alice', CREATE, { input: { ...input, start: false } });
    expect(errors).toBeUndefined();
    expect(sent).toBe(2);
  });

  it("says that a permission is missing if Writ's own is, whatever the message says", async () => {
    const denied = { status: 201, body: { status: { allowed: false } } };
    reject(['POST', '/agenticsessions?'], forbidden(WEBHOOK), denied);
    const { errors } = await writ.as('alice', CREATE, { input });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/Writ's service account may not create/),
        extensions: { code: 'FORBIDDEN', verb: 'create' },
      },
    ]);
    expect(sent).toBe(1);
  });

  it.each([
    ['fails', status(500, 'InternalError')],
    ['has no result', { status: 201, body: { status: {} } }],
  ])('claims no reason if the review %s', async (_, review) => {
    reject(['POST', '/agenticsessions?'], forbidden(WEBHOOK), review);
    const { errors } = await writ.as('alice', CREATE, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(errors?.[0]?.message).not.toMatch(/may not|cost/);
  });

  it('because it grants more than Writ holds is told apart', async () => {
    const review = { status: 201, body: { status: { allowed: true } } };
    const noEscalation = { status: 201, body: { status: { allowed: false } } };
    writ.proxy.set((request, forward) => {
      if (request.path.includes('/selfsubjectaccessreviews') && sent > 0) {
        return request.body.includes('"escalate"') ? noEscalation : review;
      }
      if (request.method !== 'POST' || !request.path.includes('/roles?')) return forward();
      sent += 1;
      return forbidden('attempting to grant RBAC permissions not currently held');
    });
    const { errors } = await writ.as('alice', CREATE, { input });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('may not grant these permissions'),
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
  });
});
