import { describe, expect, it } from 'vitest';
import { createSessionMutation } from '../support/session-operations.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation();

const variables = (...keys: string[]) => ({
  environmentVariables: keys.map((key) => ({ key, value: 'v' })),
});
const repo = (url: string, branch?: string) => ({
  repos: [{ url, ...(branch !== undefined && { branch }) }],
});
const label = (key: string, value = 'v') => ({ labels: [{ key, value }] });
const many = (count: number) => Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value: 'v' }));

const WRONG: [what: string, input: Record<string, unknown>, path: string, message: RegExp][] = [
  ['a project that is no DNS label', { project: 'Demo' }, 'input.project', /DNS label/],
  ['a project that climbs', { project: '..' }, 'input.project', /DNS label/],
  ['a name with capitals', { name: 'Fix' }, 'input.name', /DNS label/],
  ['a name with a dot', { name: 'a.b' }, 'input.name', /DNS label/],
  ['an empty name', { name: '' }, 'input.name', /DNS label/],
  ['a name of 64 characters', { name: 'a'.repeat(64) }, 'input.name', /DNS label/],
  ['a name with a line break', { name: 'a\n' }, 'input.name', /DNS label/],
  ['a display name of two lines', { displayName: 'a\nb' }, 'input.displayName', /single line/],
  ['a display name of 257 characters', { displayName: 'a'.repeat(257) }, 'input.displayName', /256/],
  ['a display name with an escape', { displayName: 'a\u001b[2J' }, 'input.displayName', /control characters/],
  ['a prompt with a NUL', { initialPrompt: 'a\0' }, 'input.initialPrompt', /NUL/],
  [
    'a prompt of 131,057 letters',
    { initialPrompt: 'a'.repeat(131_057) },
    'input.initialPrompt',
    /131056 bytes/,
  ],
  [
    'a prompt of 43,686 ideographs',
    { initialPrompt: '\u6f22'.repeat(43_686) },
    'input.initialPrompt',
    /131056/,
  ],
  [
    'a prompt of 32,765 emoji',
    { initialPrompt: '\u{1f98a}'.repeat(32_765) },
    'input.initialPrompt',
    /131056/,
  ],
  ['an unknown runner type', { runnerType: 'cobol' }, 'input.runnerType', /claude-agent-sdk/],
  ['an unknown model', { llmSettings: { model: 'gpt' } }, 'input.llmSettings.model', /claude-sonnet-4-5/],
  [
    'a model of another runner type',
    { runnerType: 'gemini-cli', llmSettings: { model: 'claude-sonnet-4-5' } },
    'input.llmSettings.model',
    /gemini-2.5-pro/,
  ],
  ['a temperature over 2', { llmSettings: { temperature: 2.1 } }, 'input.llmSettings.temperature', /2/],
  ['a temperature under 0', { llmSettings: { temperature: -0.1 } }, 'input.llmSettings.temperature', /0/],
  ['no tokens at all', { llmSettings: { maxTokens: 0 } }, 'input.llmSettings.maxTokens', /1/],
  ['too many tokens', { llmSettings: { maxTokens: 1_000_001 } }, 'input.llmSettings.maxTokens', /1000000/],
  ['no time', { timeoutSeconds: 0 }, 'input.timeoutSeconds', /1/],
  ['more time than the operator allows', { timeoutSeconds: 14_401 }, 'input.timeoutSeconds', /14400/],
  ['time that is negative', { inactivityTimeoutSeconds: -1 }, 'input.inactivityTimeoutSeconds', /0/],
  [
    'more than a year',
    { inactivityTimeoutSeconds: 31_536_001 },
    'input.inactivityTimeoutSeconds',
    /31536000/,
  ],
  [
    'repositories of too many bytes',
    { repos: Array(32).fill({ url: `https://a.b/${'"'.repeat(2_030)}` }) },
    'input.repos',
    /128000/,
  ],
  ['too many repositories', { repos: Array(33).fill({ url: 'https://a.b/c' }) }, 'input.repos', /32/],
  ['a repository over http', repo('http://a.b/c'), 'input.repos.0.url', /git URL/],
  ['a file', repo('file:///etc/passwd'), 'input.repos.0.url', /git URL/],
  ['an option for git', repo('--upload-pack=touch /tmp/x'), 'input.repos.0.url', /git URL/],
  ['a remote helper', repo('ext::sh -c x'), 'input.repos.0.url', /git URL/],
  ['a URL with a password', repo('https://a:b@c.d/e'), 'input.repos.0.url', /git URL/],
  ['a URL with a user', repo('https://token@c.d/e'), 'input.repos.0.url', /git URL/],
  ['a URL with a query', repo('https://c.d/e?x=1'), 'input.repos.0.url', /git URL/],
  ['a host that is an option', repo('ssh://-oProxyCommand=x/y'), 'input.repos.0.url', /git URL/],
  ['a URL of 2,049 characters', repo(`https://a.b/${'c'.repeat(2_037)}`), 'input.repos.0.url', /2048/],
  ['a branch that climbs', repo('https://a.b/c', '../x'), 'input.repos.0.branch', /branch/],
  ['a branch that is an option', repo('https://a.b/c', '-x'), 'input.repos.0.branch', /branch/],
  ['an empty branch', repo('https://a.b/c', ''), 'input.repos.0.branch', /branch/],
  ['a variable that begins with a digit', variables('1A'), 'input.environmentVariables.0.key', /letters/],
  ['a variable with a dash', variables('A-B'), 'input.environmentVariables.0.key', /letters/],
  ['a variable without a name', variables(''), 'input.environmentVariables.0.key', /letters/],
  ['a variable of the loader', variables('LD_PRELOAD'), 'input.environmentVariables.0.key', /reserved/],
  ['the runner type as a variable', variables('RUNNER_TYPE'), 'input.environmentVariables.0.key', /reserved/],
  ['the path', variables('OK', 'PATH'), 'input.environmentVariables.1.key', /reserved/],
  ['a variable given twice', variables('A', 'B', 'A'), 'input.environmentVariables.2.key', /twice/],
  ["the runner's secret", variables('ANTHROPIC_API_KEY'), 'input.environmentVariables.0.key', /reserved/],
  ['too many variables', { environmentVariables: many(129) }, 'input.environmentVariables', /128/],
  [
    'a value with a NUL',
    { environmentVariables: [{ key: 'A', value: 'a\0' }] },
    'input.environmentVariables.0.value',
    /NUL/,
  ],
  [
    'a value of 32,769 characters',
    { environmentVariables: [{ key: 'A', value: 'a'.repeat(32_769) }] },
    'input.environmentVariables.0.value',
    /32768/,
  ],
  [
    'values of too many bytes in all',
    { environmentVariables: many(8).map(({ key }) => ({ key, value: '\u6f22'.repeat(32_000) })) },
    'input.environmentVariables',
    /700000/,
  ],
  ['a label that is no name', label('a b'), 'input.labels.0.key', /qualified name/],
  ['a label with two prefixes', label('a/b/c'), 'input.labels.0.key', /qualified name/],
  ["a label of Writ's", label('ambient-code.io/session-uid'), 'input.labels.0.key', /reserved/],
  ["a label of Kubernetes'", label('app.kubernetes.io/managed-by'), 'input.labels.0.key', /reserved/],
  ['a label value that is text', label('a', 'two words'), 'input.labels.0.value', /63/],
  ['a label value of 64 characters', label('a', 'v'.repeat(64)), 'input.labels.0.value', /63/],
  ['too many labels', { labels: many(33) }, 'input.labels', /32/],
  [
    'an annotation with power',
    { annotations: [{ key: 'ambient-code.io/desired-phase', value: 'Running' }] },
    'input.annotations.0.key',
    /reserved/,
  ],
  [
    'lineage by annotation',
    { annotations: [{ key: 'vteam.ambient-code/parent-session-id', value: 'x' }] },
    'input.annotations.0.key',
    /reserved/,
  ],
  [
    'an annotation of 16,385 characters',
    { annotations: [{ key: 'a', value: 'v'.repeat(16_385) }] },
    'input.annotations.0.value',
    /16384/,
  ],
  ['too many annotations', { annotations: many(33) }, 'input.annotations', /32/],
  ['a parent that climbs', { parentSession: '../x' }, 'input.parentSession', /DNS label/],
  ['an empty key', { idempotencyKey: '' }, 'input.idempotencyKey', /1/],
  ['a key of 257 characters', { idempotencyKey: 'k'.repeat(257) }, 'input.idempotencyKey', /256/],
];

describe('createSession refuses', () => {
  const writ = startWrit();
  const create = (input: Record<string, unknown>) =>
    writ.as('alice', CREATE, { input: { project: 'demo', start: false, ...input } });

  it.each(WRONG)('%s, naming the field, before it asks the cluster', async (_, input, path, message) => {
    const { result, requests } = await writ.requestsDuring(() => create(input));
    expect(result.errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [{ path, message: expect.stringMatching(message) }],
        },
      },
    ]);
    expect(requests.filter(({ resource }) => resource !== 'selfsubjectreviews')).toEqual([]);
  });

  it('all that is wrong at once', async () => {
    const { errors } = await create({ name: 'A', displayName: 'a\n', ...label('a b', 'c d') });
    expect(errors?.[0]?.extensions.fields.map(({ path }: { path: string }) => path)).toEqual([
      'input.name',
      'input.displayName',
      'input.labels.0.key',
      'input.labels.0.value',
    ]);
  });

  it('nothing that is just within the rules', async () => {
    const { errors } = await create({
      name: `a${'-'.repeat(61)}b`,
      displayName: 'ä'.repeat(250),
      initialPrompt: 'x'.repeat(65_536),
      timeoutSeconds: 14_400,
      inactivityTimeoutSeconds: 31_536_000,
      llmSettings: { model: 'claude-haiku-4-5', temperature: 2, maxTokens: 1_000_000 },
      repos: Array(32).fill({ url: 'ssh://git@host.example:22/a/b.git', branch: 'feature/x-1.0' }),
      environmentVariables: many(128).map(({ value }, n) => ({ key: `_K${n}`, value })),
      labels: [{ key: `${'p'.repeat(60)}.example/${'n'.repeat(63)}`, value: 'v'.repeat(63) }],
      annotations: [{ key: 'a', value: 'v'.repeat(16_384) }],
      idempotencyKey: 'k'.repeat(256),
    });
    expect(errors).toBeUndefined();
  });

  it.each([
    ['a display name', { displayName: 'a'.repeat(256) }],
    ['a prompt', { initialPrompt: 'a'.repeat(131_056) }],
    ['a prompt with colours', { initialPrompt: 'error: \u001b[31mred\u001b[0m\f\u0007\u009b' }],
    ['a prompt with a link', { initialPrompt: '\u001b]8;;https://a.b\u0007text\u001b]8;;\u0007' }],
    ['a branch', repo('https://a.b/c', `feature/#123-${'\u00e9'.repeat(240)}`)],
    ['a URL with a user', repo('https://org@dev.azure.com/org/My%20Project/_git/x')],
  ])('%s that Writ allows is allowed by the resource, too', async (_, input) => {
    expect((await create(input)).errors).toBeUndefined();
  });
});

describe('an input of another shape', () => {
  const writ = startWrit();

  it.each([
    ['a name that is a number', { project: 'demo', name: 7 }, ['input.name']],
    ['no project', {}, ['input']],
    ['a field that there is not', { project: 'demo', userContext: {} }, ['input']],
    ['seconds as text', { project: 'demo', timeoutSeconds: '300' }, ['input.timeoutSeconds']],
    ['seconds over 32 bits', { project: 'demo', timeoutSeconds: 2 ** 31 }, ['input.timeoutSeconds']],
    [
      'wrong and missing parts of a list',
      { project: 'demo', repos: [{ url: 1 }, { branch: 'a' }] },
      ['input.repos.0.url', 'input.repos.1'],
    ],
  ])('is BAD_USER_INPUT with its fields: %s', async (_, input, paths) => {
    const { result, requests } = await writ.requestsDuring(() => writ.as('alice', CREATE, { input }));
    expect(result.errors).toHaveLength(1);
    expect(codeOf(result)).toBe('BAD_USER_INPUT');
    const fields = result.errors?.[0]?.extensions.fields as { path: string; message: string }[];
    expect(fields.map(({ path }) => path).toSorted()).toEqual(paths);
    for (const { message } of fields) expect(message).not.toBe('');
    expect(
      requests.filter(({ verb, resource }) => verb === 'create' && resource === 'agenticsessions'),
    ).toEqual([]);
  });

  it.each([
    [
      'an enum',
      'query ($p: [SessionPhase!]) { project(name: "demo") { sessions(filter: { phase: $p }) { totalCount } } }',
      { p: ['ASLEEP'] },
      'p.0',
    ],
    [
      'null where there must be something',
      'query ($n: String!) { project(name: $n) { name } }',
      { n: null },
      'n',
    ],
    ['an int', 'query ($f: Int) { projects(first: $f) { nodes { name } } }', { f: 1.5 }, 'f'],
  ])('is BAD_USER_INPUT for the variable: %s', async (_, query, variables, path) => {
    const { errors } = await writ.as('alice', query, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });
});
