import { describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation('name annotations { key value } environmentVariables { key value }');

const writ = startWrit();

describe('values that mean more than they say', () => {
  const create = (more: object) =>
    writ.as('alice', CREATE, { input: { project: 'demo', start: false, ...more } });

  it.each([
    'ambient-code.io/desired-phase',
    'sub.ambient-code.io/x',
    'a.b.ambient-code.io/x',
    'vteam.ambient-code/parent-session-id',
    'x.vteam.ambient-code/x',
    'app.kubernetes.io/managed-by',
    'kubernetes.io/x',
    'batch.kubernetes.io/job-name',
    'k8s.io/x',
    'node.k8s.io/x',
    'kubectl.kubernetes.io/last-applied-configuration',
    'openshift.io/display-name',
    'AMBIENT-CODE.IO/x',
    'Ambient-Code.io/x',
    '\u0430mbient-code.io/x',
    'ambient\u2010code.io/x',
    'ambient-code.io/',
    '/x',
    'a//b',
    'a/b/c',
    '__proto__',
    '',
    ' x',
    'x\n',
    'ambient-code.io/x\0',
    '-x',
    'x-',
    `${'a'.repeat(64)}`,
    `${'a'.repeat(254)}/x`,
  ])('the label and annotation key %j is refused', async (key) => {
    for (const map of ['labels', 'annotations']) {
      const { result, requests } = await writ.requestsDuring(() => create({ [map]: [{ key, value: 'x' }] }));
      expect(codeOf(result)).toBe('BAD_USER_INPUT');
      expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
    }
  }); // prettier-ignore

  it.each([
    [
      'a label twice',
      {
        labels: [
          { key: 'a', value: 'x' },
          { key: 'a', value: 'y' },
        ],
      },
    ],
    [
      'an annotation twice',
      {
        annotations: [
          { key: 'a', value: 'x' },
          { key: 'a', value: 'y' },
        ],
      },
    ],
    [
      'a variable twice',
      {
        environmentVariables: [
          { key: 'A', value: 'x' },
          { key: 'A', value: 'y' },
        ],
      },
    ],
    ['the runner as a variable', { environmentVariables: [{ key: 'RUNNER_TYPE', value: 'x' }] }],
    [
      'the runner\u2019s key as a variable',
      { environmentVariables: [{ key: 'ANTHROPIC_API_KEY', value: 'x' }] },
    ],
    ['LD_PRELOAD', { environmentVariables: [{ key: 'LD_PRELOAD', value: '/x.so' }] }],
    ['a negative timeout', { timeoutSeconds: -1 }],
    ['no timeout', { timeoutSeconds: 0 }],
    ['a day of a timeout', { timeoutSeconds: 86_400 }],
    ['a timeout beyond 32 bits', { timeoutSeconds: 4_294_967_297 }],
    ['a broken timeout', { timeoutSeconds: 1.5 }],
    ['a timeout in words', { timeoutSeconds: '60' }],
    ['a negative inactivity', { inactivityTimeoutSeconds: -1 }],
    ['no tokens', { llmSettings: { maxTokens: 0 } }],
    ['a hot temperature', { llmSettings: { temperature: 1e300 } }],
    ['too many repositories', { repos: Array.from({ length: 33 }, () => ({ url: 'https://h/x' })) }],
    ['too many labels', { labels: Array.from({ length: 33 }, (_, i) => ({ key: `k${i}`, value: '' })) }],
    ['a name in other letters', { name: 'kube\u017fystem' }],
    ['a name with a look-alike', { name: '\uff41dmin' }],
    ['a soft hyphen in the project', { project: 'de\u00admo' }],
    ['a display name of two lines', { displayName: 'a\r\nb' }],
    ['an empty idempotency key', { idempotencyKey: '' }],
    ['a key of its own', JSON.parse('{"__proto__":{"project":"research"}}')],
    ['constructor', JSON.parse('{"constructor":{"prototype":{"project":"research"}}}')],
    ['userContext', { userContext: { userId: 'admin' } }],
    ['metadata', { metadata: { namespace: 'research' } }],
  ] as [string, object][])('%s: BAD_USER_INPUT, and nothing is written', async (_, more) => {
    const given = Object.getOwnPropertyDescriptors({ project: 'demo', start: false });
    const input = Object.defineProperties({}, { ...given, ...Object.getOwnPropertyDescriptors(more) });
    const { result, requests } = await writ.requestsDuring(() => writ.as('alice', CREATE, { input }));
    expect(codeOf(result)).toBe('BAD_USER_INPUT');
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
  });

  it('variables and annotations with odd names and line ends come back as they were given', async () => {
    const environmentVariables = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((key) => ({
      key,
      value: '$(X)\r\ny',
    }));
    const annotations = [{ key: 'constructor', value: 'a\r\nAuthorization: Bearer x' }];
    const { data, errors } = await create({ environmentVariables, annotations });
    expect(errors).toBeUndefined();
    const { session } = data.createSession;
    expect(session.environmentVariables).toEqual(expect.arrayContaining(environmentVariables.slice(1)));
    expect(session.annotations).toEqual(expect.arrayContaining(annotations));
    expect(Object.hasOwn(Object.prototype, 'value')).toBe(false);
  });

  it('an origin in the input is not there to be set: it is the cluster\u2019s word', async () => {
    const { data } = await create({ displayName: 'admin' });
    const { body } = await writ
      .kubernetes('admin')
      .get(`${SESSIONS('demo')}/${data.createSession.session.name}`);
    expect(body.spec.userContext).toEqual({
      userId: 'alice',
      displayName: 'alice',
      groups: ['system:authenticated'],
    });
    expect(body.metadata.annotations['ambient-code.io/requested-by']).toBe('alice');
  });
});
