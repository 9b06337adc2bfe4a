import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { BadUserInput } from '../../src/errors.ts';
import type { Job } from '../../src/kubernetes/resources.ts';
import type { AgenticSession } from '../../src/model/session.ts';
import { buildRun } from '../../src/sessions/run/build-run.ts';
import { readStoredSession } from '../../src/sessions/run/read-stored-session.ts';

const { template: runTemplate } = readConfig({}).runners;

describe('a run from a hostile session', () => {
  const stored = (spec: unknown = {}, metadata: object = {}) =>
    ({
      metadata: { name: 'a', namespace: 'demo', uid: '5e551000-0000-4000-8000-0000000000ff', ...metadata },
      spec,
    }) as unknown as AgenticSession;
  const build = (session: AgenticSession) =>
    buildRun(readStoredSession(session, runTemplate), 1, runTemplate, { requestId: 'r' });
  const env = (name: string, value = 'x') => stored({ environmentVariables: { [name]: value } });
  const repo = (url: string, branch = 'main') => stored({ repos: [{ url, branch }] });
  const RESERVED =
    'LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES PATH HOME BASH_ENV ENV IFS NODE_OPTIONS PYTHONPATH GIT_SSH_COMMAND GIT_CONFIG_COUNT KUBERNETES_SERVICE_HOST AGENTIC_SESSION_UID SESSION_ID BOT_TOKEN BOT_TOKEN_FILE INITIAL_PROMPT TIMEOUT REPOS_JSON ANTHROPIC_API_KEY JAVA_TOOL_OPTIONS'.split(
      ' ',
    ); // prettier-ignore
  const URLS = [
    'file:///etc/passwd',
    'ext::sh -c id',
    'git://h/x',
    'http://h/x',
    'ftp://h/x',
    '--upload-pack=id',
    '-oProxyCommand=id',
    'https://user:pw@h/x',
    'https://token@h/x',
    'https://h/x?y=z',
    'https://h',
    '/etc',
    '../x',
    'ssh://-oProxyCommand=id/x',
    'ssh://git@-h/x',
    'git@h:-x',
    '-u@h:x',
    'git@h:/x',
    'https://h/x\n--config',
    'https://h/x y',
    'ssh://%2doProxyCommand=id/x',
    'ssh://git@h/%2dx',
    'https://h/x%0a--upload-pack=id',
    'https://h\\:pw@evil.example/x',
    'https://h\\@evil.example/x',
    'ssh://:pw@h/x',
    'ssh://h//-x',
  ]; // prettier-ignore

  const REFUSED: [string, AgenticSession][] = [
    ...RESERVED.map((name) => [`the variable ${name}`, env(name)] as [string, AgenticSession]),
    ...['', 'a=b', 'a b', 'x\n', '1a', 'é', 'a-b', 'A.B'].map(
      (name) => [`the variable ${JSON.stringify(name)}`, env(name)] as [string, AgenticSession],
    ),
    ...URLS.map((url) => [`the repository ${JSON.stringify(url)}`, repo(url)] as [string, AgenticSession]),
    ...['-x', '--all', 'a..b', 'a b', '', '@{1}', 'a~1', '+a:b', 'x.lock', 'a\n'].map(
      (ref) => [`the branch ${JSON.stringify(ref)}`, repo('https://h/x', ref)] as [string, AgenticSession],
    ),
    ['a NUL in a variable', env('A', 'a\0b')],
    ['a NUL in the prompt', stored({ initialPrompt: 'a\0b' })],
    ['a prompt of more bytes than a process can have', stored({ initialPrompt: '\u6f22'.repeat(43_686) })],
    ['an unknown runner', env('RUNNER_TYPE', 'root')],
    ['an inherited runner', env('RUNNER_TYPE', '__proto__')],
    ['an unknown model', stored({ llmSettings: { model: 'gpt-root' } })],
    ['another runner\u2019s model', stored({ llmSettings: { model: 'gemini-2.5-pro' } })],
    ['a long name', stored({}, { name: 'a'.repeat(64) })],
    ['a name with dots', stored({}, { name: 'a.b' })],
    ['a name that is a path', stored({}, { name: '../x' })],
    ['a UID that is none', stored({}, { uid: '../x' })],
    ['a UID with more behind it', stored({}, { uid: '5e551000-0000-4000-8000-0000000000ff-x' })],
    ['a namespace that is a path', stored({}, { namespace: 'demo/../research' })],
    ['a timeout beyond the template\u2019s', stored({ timeout: 604_800 })],
    ['no timeout', stored({ timeout: 0 })],
    ['a timeout that is none', stored({ timeout: Number.NaN })],
    ['wrong types', stored({ repos: 'x', environmentVariables: [], initialPrompt: 7 })],
    ['a spec that is none', stored('text')],
  ];

  it.each(REFUSED)('%s: refused', (_, session) => {
    expect(() => build(session)).toThrow(BadUserInput);
  });

  it('has a benign one\u2019s pod, but for the values of variables and the deadline', () => {
    const hostile = stored(
      {
        initialPrompt: '$(ANTHROPIC_API_KEY) $$(X) `id`',
        displayName: '$(SECRET)',
        timeout: 9_999,
        llmSettings: { model: 'claude-opus-4-5', temperature: 2, maxTokens: 7 },
        inactivityTimeout: 1,
        stopOnRunFinished: true,
        repos: [{ url: 'ssh://git@h/$(SECRET)', branch: 'x', autoPush: true }],
        environmentVariables: {
          MINE: '$(BOT_TOKEN_FILE)',
          image: 'evil',
          securityContext: '{"privileged":true}',
        },
        activeWorkflow: { gitUrl: 'file:///', path: '../..' },
        mcpServers: { custom: { a: { command: 'evil' } } },
        userContext: { userId: 'admin', groups: ['system:masters'] },
        containers: [{ name: 'evil' }],
        serviceAccountName: 'default',
        template: { spec: { hostNetwork: true } },
      },
      { name: 'hostile', labels: { evil: 'x' }, annotations: { evil: 'x' }, finalizers: ['x'] },
    );
    const [mild, wild] = [build(stored()), build(hostile)];
    expect(withoutValues(wild.job as Job)).toEqual(withoutValues(mild.job as Job));
    const { name, ownerReferences, ...rest } = wild.job.metadata ?? {};
    expect(rest.labels).toEqual(mild.job.metadata?.labels);
    expect(rest.annotations).toEqual(mild.job.metadata?.annotations);
    expect({ name, owners: ownerReferences?.length }).toEqual({ name: mild.job.metadata?.name, owners: 1 });
    expect(wild.role.rules?.[0]?.resourceNames).toEqual(['hostile']);
    expect(JSON.stringify({ ...wild, job: { ...wild.job, spec: {} } })).not.toMatch(/evil|SECRET|admin/);
  });

  it('is refused if no process could have its environment', () => {
    const variables = (count: number) =>
      stored({
        environmentVariables: Object.fromEntries(
          Array.from({ length: count }, (_, n) => [`V${n}`, 'x'.repeat(32_768)]),
        ),
      });
    expect(() => build(variables(30))).not.toThrow();
    expect(() => build(variables(31))).toThrow("makes the run's environment larger than a process can have");
    const url = `https://h/${'"'.repeat(2_038)}`;
    expect(() => build(stored({ repos: Array(31).fill({ url }) }))).not.toThrow();
    expect(() => build(stored({ repos: Array(32).fill({ url }) }))).toThrow('session.spec.repos');
  });

  it('has no variable in which Kubernetes would expand another', () => {
    const { job } = build(
      stored({ initialPrompt: '$(A) $$(A) $$$(A)', environmentVariables: { X: '$(A)$' } }),
    );
    const variables = job.spec?.template.spec?.containers[0]?.env ?? [];
    for (const { value = '' } of variables) expect(value.replaceAll('$$', '')).not.toContain('$');
    // Kubernetes makes one of each pair.
    const said = (name: string) => variables.find((v) => v.name === name)?.value?.replaceAll('$$', () => '$');
    expect([said('INITIAL_PROMPT'), said('X')]).toEqual(['$(A) $$(A) $$$(A)', '$(A)$']);
  });

  it('sets what a run sets itself, once and last', () => {
    const { job } = build(
      stored(JSON.parse('{"environmentVariables":{"__proto__":"x","constructor":"y","A":"b"}}')),
    );
    const names = (job.spec?.template.spec?.containers[0]?.env ?? []).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.indexOf('A')).toBeLessThan(names.indexOf('AGENTIC_SESSION_UID'));
  });

  it('has no number that nobody would know it by', () => {
    const session = readStoredSession(stored(), runTemplate);
    expect(() => buildRun(session, 1_000_000_000, runTemplate, { requestId: 'r' })).toThrow('no number left');
  });
});

/** The Job's spec without what a user may say: variables' values, the user's own variables, and the deadline. */
function withoutValues({ spec }: Job) {
  const copy = structuredClone(spec);
  const [container] = copy?.template.spec?.containers ?? [];
  if (!copy || !container) throw new Error('a Job without a container');
  delete copy.activeDeadlineSeconds;
  const optional = [
    'MINE',
    'image',
    'securityContext',
    'LLM_TEMPERATURE',
    'LLM_MAX_TOKENS',
    'INACTIVITY_TIMEOUT',
  ];
  container.env = (container.env ?? [])
    .filter(({ name }) => !optional.includes(name))
    .map(({ value: _, ...rest }) => rest);
  return copy;
}
