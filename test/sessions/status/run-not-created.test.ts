import { describe, expect, it } from 'vitest';
import { BadUserInput, Conflict, NotFound, Timeout } from '../../../src/errors.ts';
import { KubernetesError } from '../../../src/kubernetes/kubernetes-error.ts';
import { RunCreationFailed } from '../../../src/sessions/run/create-run-objects.ts';
import { runNotCreated } from '../../../src/sessions/status/run-reason.ts';

const message = 's3cret';

/** A Status with text in each place that may have some. */
const status = {
  kind: 'Status' as const,
  reason: 's3cret',
  message,
  metadata: { continue: 's3cret' },
  details: {
    name: 's3cret',
    kind: 's3cret',
    group: 's3cret',
    causes: [{ reason: 's3cret', message, field: 'spec.template' }],
  },
};
const secret = { verb: 'create', group: '', resource: 'secrets', namespace: 'demo' };

describe('a run that could not be created', () => {
  it.each([
    ['backend', 400, 'RunInvalid'],
    ['backend', 401, 'UNAVAILABLE'],
    ['backend', 403, 'AdmissionDenied'],
    ['backend', 404, 'NOT_FOUND'],
    ['backend', 409, 'CONFLICT'],
    ['backend', 410, 'EXPIRED'],
    ['backend', 418, 'INTERNAL'],
    ['backend', 413, 'RunTooLarge'],
    ['backend', 422, 'RunInvalid'],
    ['backend', 429, 'TOO_MANY_REQUESTS'],
    ['backend', 500, 'UNAVAILABLE'],
    ['backend', 504, 'TIMEOUT'],
    ['user', 401, 'UNAUTHENTICATED'],
    ['user', 403, 'AdmissionDenied'],
    ['user', 404, 'NOT_FOUND'],
    ['user', 409, 'CONFLICT'],
    ['user', 500, 'UNAVAILABLE'],
  ] as const)('because of a call as the %s with %i has the reason %s', (identity, statusCode, reason) => {
    const cause = new KubernetesError(statusCode, status, secret, identity, 'admission');
    const said = runNotCreated(new RunCreationFailed('Secret', cause));
    expect(said).toMatchObject({ status: 'False', reason });
    expect(said.message).toMatch(/\bSecret\b.*: ./);
    expect(said.message).not.toContain('s3cret');
  });

  it.each([
    ["an error of Writ's own", new Timeout('Too old'), 'TIMEOUT', /run\b.*: Too old$/],
    [
      'an error of a step',
      new RunCreationFailed('token', new NotFound('Not there')),
      'NOT_FOUND',
      /\btoken\b.*: Not there$/,
    ],
    [
      'invalid input to a step',
      new RunCreationFailed('Job', new BadUserInput([{ path: 'spec', message: 'refused' }])),
      'BAD_USER_INPUT',
      /\bJob\b.*: spec: refused$/,
    ],
    ['a defect', new TypeError('s3cret'), 'INTERNAL', /run\b.*: Internal error$/],
    [
      'a defect in a step',
      new RunCreationFailed('Role', new TypeError('s3cret')),
      'INTERNAL',
      /\bRole\b.*: Internal error$/,
    ],
    ['a thrown text', 's3cret', 'INTERNAL', /run\b.*: Internal error$/],
    ['nothing', undefined, 'INTERNAL', /run\b.*: Internal error$/],
  ])('because of %s says so', (_, error, reason, text) => {
    const said = runNotCreated(error);
    expect(said).toEqual({ status: 'False', reason, message: expect.stringMatching(text) });
    expect(said.message).not.toContain('s3cret');
  });

  it("because of an authorizer's denial has the code of its error", () => {
    const denied = new KubernetesError(403, status, secret, 'backend', 'authorizer');
    expect(runNotCreated(new RunCreationFailed('Secret', denied))).toMatchObject({ reason: 'FORBIDDEN' });
  });

  it('has a message of at most 1,024 characters', () => {
    const said = runNotCreated(new RunCreationFailed('Job', new Conflict('x'.repeat(2_000))));
    expect(said.message).toMatch(/\bJob\b.*: x+$/);
    expect(said.message.length).toBe(1_024);
  });
});

describe('a stored session from which no run can be created', () => {
  const env = (name: string) => `session.spec.environmentVariables.${name}`;

  it.each([
    ['the path of a field', ['session.spec.timeout'], 'spec.timeout'],
    ['the index in a list', ['session.spec.repos.0.url'], 'spec.repos.0.url'],
    ['the name of a variable', [env('LD_PRELOAD')], 'spec.environmentVariables.LD_PRELOAD'],
    ['no name with other characters', [env('$(s3cret)')], 'spec.environmentVariables.*'],
    ['no name with a space', [env('a s3cret')], 'spec.environmentVariables.*'],
    ['no name with a line break', [env('a\ns3cret')], 'spec.environmentVariables.*'],
    ['no name beyond ASCII', [env('\u00e9')], 'spec.environmentVariables.*'],
    ['no name that is empty', [env('')], 'spec.environmentVariables.*'],
    ['no name of 65 characters', [env('a'.repeat(65))], 'spec.environmentVariables.*'],
    ['no more than five parts of a path', ['session.a.b.c.d.e.s3cret'], 'a.b.c.d.e'],
    ['each path once', ['session.spec.a', 'session.spec.b', 'session.spec.a'], 'spec.a, spec.b'],
    ['odd paths once', [env('a-b'), env('c-d')], 'spec.environmentVariables.*'],
    [
      'no more than five paths',
      [1, 2, 3, 4, 5, 6].map((n) => `session.spec.field${n}`),
      'spec.field1, spec.field2, spec.field3, spec.field4, spec.field5',
    ],
  ])('gives %s', (_, paths, given) => {
    const said = runNotCreated(new BadUserInput(paths.map((path) => ({ path, message: 's3cret' }))));
    expect(said).toMatchObject({ status: 'False', reason: 'InvalidSession' });
    expect(said.message.split(': ')).toEqual([expect.not.stringContaining('s3cret'), given]);
  });

  it('has a short message, whatever its fields are called', () => {
    const parts = Array.from({ length: 20 }, (_, n) => String.fromCharCode(97 + n).repeat(64));
    const fields = parts.map((part) => ({ path: ['session', part, ...parts].join('.'), message: 's3cret' }));
    expect(runNotCreated(new BadUserInput(fields)).message.length).toBe(1_024);
  });
});
