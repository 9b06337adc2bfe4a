import { describe, expect, it } from 'vitest';
import type { BadUserInput } from '../../src/errors.ts';
import type { CallIdentity } from '../../src/kubernetes/call-identity.ts';
import type { DeniedBy } from '../../src/kubernetes/failed-call.ts';
import type { KubernetesStatus } from '../../src/kubernetes/status.ts';
import { statusToWritError } from '../../src/kubernetes/status-mapping.ts';

const attributes = {
  verb: 'patch',
  group: 'vteam.ambient-code',
  resource: 'agenticsessions',
  namespace: 'demo',
  name: 'fix-cart',
};
const CALL = 'patch agenticsessions.vteam.ambient-code "fix-cart" in namespace demo';

/** @param status what of the Status is not as usual */
function errorOf(
  identity: CallIdentity,
  statusCode: number,
  { details, ...status }: { details?: unknown } & Record<string, unknown> = {},
  deniedBy?: DeniedBy,
) {
  const whole = { kind: 'Status', ...status, details: { name: 'fix-cart', ...(details as object) } };
  return statusToWritError({
    statusCode,
    status: whole as KubernetesStatus,
    attributes,
    identity,
    deniedBy,
  });
}

/** All that a client sees of it. */
function seen({ message, code, extensions }: ReturnType<typeof errorOf>): string {
  return JSON.stringify({ message, code, extensions });
}

const CODES: [statusCode: number, user: string, backend: string][] = [
  [301, 'INTERNAL', 'INTERNAL'],
  [400, 'BAD_USER_INPUT', 'BAD_USER_INPUT'],
  [401, 'UNAUTHENTICATED', 'UNAVAILABLE'],
  [403, 'FORBIDDEN', 'FORBIDDEN'],
  [404, 'NOT_FOUND', 'NOT_FOUND'],
  [405, 'INTERNAL', 'INTERNAL'],
  [409, 'CONFLICT', 'CONFLICT'],
  [410, 'EXPIRED', 'EXPIRED'],
  [413, 'BAD_USER_INPUT', 'BAD_USER_INPUT'],
  [415, 'INTERNAL', 'INTERNAL'],
  [418, 'INTERNAL', 'INTERNAL'],
  [422, 'BAD_USER_INPUT', 'BAD_USER_INPUT'],
  [429, 'TOO_MANY_REQUESTS', 'TOO_MANY_REQUESTS'],
  [500, 'UNAVAILABLE', 'UNAVAILABLE'],
  [501, 'UNAVAILABLE', 'UNAVAILABLE'],
  [502, 'UNAVAILABLE', 'UNAVAILABLE'],
  [503, 'UNAVAILABLE', 'UNAVAILABLE'],
  [504, 'TIMEOUT', 'TIMEOUT'],
  [599, 'UNAVAILABLE', 'UNAVAILABLE'],
];

/** A Status with a secret in each place that may have text. */
const SECRETIVE = {
  status: 's3cret',
  reason: 's3cret',
  message: 's3cret',
  metadata: { continue: 's3cret' },
  details: {
    name: 's3cret',
    kind: 's3cret',
    group: 's3cret',
    uid: 's3cret',
    causes: [
      { reason: 's3cret', message: 's3cret', field: 'spec.template' },
      { reason: 's3cret', message: 's3cret', field: 's3cret' },
      { reason: 's3cret', message: 's3cret', field: 'spec.repos[s3cret/]' },
    ],
  },
};

describe('a call that the API server has rejected', () => {
  it.each(CODES)('with %i is %s for a user, and %s for the backend', (statusCode, user, backend) => {
    expect(errorOf('user', statusCode).code).toBe(user);
    expect(errorOf('backend', statusCode).code).toBe(backend);
  });

  it.each(CODES.map(([statusCode]) => statusCode))(
    "with %i shows nothing of the API server's text about a call of the backend",
    (statusCode) => {
      expect(seen(errorOf('backend', statusCode, SECRETIVE))).not.toContain('s3cret');
    },
  );

  it.each(
    CODES.map(([statusCode]) => statusCode).filter((statusCode) => statusCode !== 401 && statusCode !== 429),
  )('with %i names the call in its message', (statusCode) => {
    for (const identity of ['user', 'backend'] as const) {
      expect(errorOf(identity, statusCode).message).toContain(CALL);
    }
  });

  it.each([401, 403])('with %i has no Status in its extensions', (statusCode) => {
    for (const identity of ['user', 'backend'] as const) {
      expect(errorOf(identity, statusCode, SECRETIVE).extensions).not.toHaveProperty('kubernetes');
    }
  });

  it('with 403 has the missing right in its extensions', () => {
    expect(errorOf('user', 403).extensions).toEqual(attributes);
    expect(errorOf('backend', 403).extensions).toEqual(attributes);
  });

  it("with 403 says whether it was the caller's or Writ's", () => {
    expect(errorOf('user', 403).message).not.toContain('Writ');
    expect(errorOf('backend', 403).message).toMatch(/Writ.*project/);
  });

  it.each([400, 404, 409, 410, 413, 422, 429, 500, 504])(
    'with %i has the code, the known reason and the causes of a user in its extensions',
    (statusCode) => {
      const cause = { reason: 'FieldValueInvalid', message: 'must be a name', field: 'spec.name' };
      const status = {
        reason: 'Invalid',
        message: 's3cret',
        details: { causes: [{ ...cause, more: 's3cret' }] },
      };
      expect(errorOf('user', statusCode, status).extensions.kubernetes).toEqual({
        code: statusCode,
        reason: 'Invalid',
        causes: [cause],
      });
      expect(errorOf('backend', statusCode, status).extensions.kubernetes).toEqual({
        code: statusCode,
        reason: 'Invalid',
      });
    },
  );

  it.each([
    ['text', 'I am a proxy'],
    ['longer than a known one', 'NotFound!'],
    ['the name of a property that objects inherit', 'constructor'],
    ['a number', 404],
    ['null', null],
    ['absent', undefined],
  ])('has no reason that is %s', (_, reason) => {
    expect(errorOf('user', 404, { reason }).extensions.kubernetes).toEqual({
      code: 404,
      reason: undefined,
      causes: [],
    });
  });
});

describe('a precondition on the UID that was not met', () => {
  const cause = (field: unknown) => ({ details: { causes: [{ field, message: 's3cret' }] } });

  it.each([
    [422, 'metadata.uid', 'CONFLICT'],
    [422, 'metadata.name', 'BAD_USER_INPUT'],
    [422, 'spec.metadata.uid', 'BAD_USER_INPUT'],
    [422, undefined, 'BAD_USER_INPUT'],
    [400, 'metadata.uid', 'BAD_USER_INPUT'],
    [409, 'metadata.uid', 'CONFLICT'],
  ])('with %i and the field %s is %s', (statusCode, field, code) => {
    expect(errorOf('user', statusCode, cause(field)).code).toBe(code);
    expect(errorOf('backend', statusCode, cause(field)).code).toBe(code);
  });
});

describe('fields that the API server has rejected', () => {
  function fieldsOf(identity: CallIdentity, causes: unknown, statusCode = 422) {
    const error = errorOf(identity, statusCode, { message: 's3cret', details: { causes } });
    return (error as BadUserInput).fields;
  }
  const paths = (field: unknown) =>
    fieldsOf('user', [{ field, message: 'is wrong' }]).map(({ path }) => path);

  it.each([
    'spec.timeout',
    'spec.repos[0].url',
    'metadata.labels',
    'spec.template.spec.containers[0].env',
    `spec.${'a'.repeat(63)}`,
    `spec${'.a'.repeat(8)}`,
  ])('have the path %s', (field) => {
    expect(paths(field)).toEqual([field]);
  });

  it.each([
    ['of the status', 'status.phase'],
    ['of a root alone', 'spec'],
    ['without a root', '.timeout'],
    ['that ends with a dot', 'spec.'],
    ['with an empty part', 'spec..a'],
    ['with a part that is a number', 'spec.0'],
    ['with a part that is too long', `spec.${'a'.repeat(64)}`],
    ['with too many parts', `spec${'.a'.repeat(9)}`],
    ['with a space', 'spec.a b'],
    ['with a quoted key', 'metadata.labels["a"]'],
    ['with a key with a slash', 'metadata.annotations[example.org/a]'],
    ['with a line break', 'spec.a\n'],
    ['behind other text', 'x: spec.a'],
    ['that is <nil>', '<nil>'],
    ['that is empty', ''],
    ['that is a number', 7],
    ['that is a map', { spec: 'a' }],
    ['that is absent', undefined],
  ])('have no path %s', (_, field) => {
    expect(paths(field)).toEqual(['']);
  });

  it.each([
    ["the API server's message", { message: 'is wrong', reason: 'Invalid' }, 'is wrong'],
    ["the API server's reason without a message", { reason: 'FieldValueRequired' }, 'FieldValueRequired'],
  ])('have for a user %s', (_, cause, message) => {
    expect(fieldsOf('user', [{ field: 'spec.a', ...cause }])).toEqual([{ path: 'spec.a', message }]);
  });

  it.each([
    ['for a call of the backend', 'backend', { message: 's3cret', reason: 's3cret' }],
    ['for a message that is no text', 'user', { message: { text: 's3cret' }, reason: 's3cret' }],
    ['for a cause without text', 'user', {}],
  ] as const)("have Writ's own message %s", (_, identity, cause) => {
    const [field] = fieldsOf(identity, [{ field: 'spec.a', ...cause }]);
    expect(field).toEqual({ path: 'spec.a', message: expect.stringContaining(CALL) });
    expect(field?.message).not.toContain('s3cret');
  });

  it.each([
    ['none', []],
    ['null', null],
    ['a map', { field: 'spec.a' }],
    ['text', 'spec.a'],
    ['a list of text', ['spec.a', null, 7]],
  ])('are one without a path if the causes are %s', (_, causes) => {
    for (const statusCode of [400, 413, 422]) {
      expect(fieldsOf('user', causes, statusCode)).toEqual([
        { path: '', message: expect.stringContaining(CALL) },
      ]);
    }
  });

  it('are all that have a path', () => {
    const causes = ['spec.a', '<nil>', 'spec.b'].map((field) => ({ field, message: 'is wrong' }));
    expect(fieldsOf('user', causes).map(({ path }) => path)).toEqual(['spec.a', 'spec.b']);
    expect(fieldsOf('backend', causes).map(({ path }) => path)).toEqual(['spec.a', 'spec.b']);
  });
});

describe('a call that the API server has throttled', () => {
  it.each([
    ['as long as it says', { retryAfterSeconds: 7 }, 7],
    ['no time if it says so', { retryAfterSeconds: 0 }, 0],
    ['a second without details', undefined, 1],
    ['a second without a time', {}, 1],
    ['a second for null', { retryAfterSeconds: null }, 1],
  ])('waits %s', (_, details, seconds) => {
    for (const identity of ['user', 'backend'] as const) {
      expect(errorOf(identity, 429, { details }).extensions).toMatchObject({ retryAfterSeconds: seconds });
    }
  });
});
