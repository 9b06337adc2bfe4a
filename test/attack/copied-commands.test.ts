import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessReviewOf } from '../../src/kubernetes/access-review.ts';
import {
  type ApiCall,
  createCall,
  jsonPatchCall,
  listCall,
  logCall,
  queryString,
  reviewCall,
} from '../../src/kubernetes/calls.ts';
import { kubectlCommand } from '../../src/kubernetes/kubectl/command.ts';
import { type KubectlCommand, renderCommand } from '../../src/kubernetes/kubectl/shell.ts';
import { BUILT_IN_TYPES, PODS, SELF_SUBJECT_ACCESS_REVIEWS } from '../../src/kubernetes/resources.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';

const SHELLS = ['/bin/sh', '/bin/bash', '/usr/bin/zsh'].filter((shell) => existsSync(shell));
const SHELL_CHARACTERS = '\'"\\$`;&|<>()\n\r -=!#*?[]{}~EOFa';
/** Flags of kubectl whose value is the next argument. */
const VALUE_FLAGS = ['-l', '--field-selector', '-p'];
const OPTIONS = { types: [...BUILT_IN_TYPES, AGENTIC_SESSIONS], ofCallers: [AGENTIC_SESSIONS] };

/** What would run a command, be a flag, end a text, or hide what a person pastes. */
const ATTACKS = [
  "'; touch OWNED; '",
  '"; touch OWNED; "',
  '$(touch OWNED)',
  '`touch OWNED`',
  '; touch OWNED #',
  '& touch OWNED &',
  '| touch OWNED',
  '> OWNED',
  'a\ntouch OWNED\n',
  'a\r\ntouch OWNED\r\n',
  '\nEOF\ntouch OWNED\n',
  'EOF',
  "'EOF'\ntouch OWNED",
  '--as=system:admin',
  '-n kube-system',
  '--token=x',
  '\\',
  "\\'",
  "'\\''$(touch OWNED)'\\''",
  '!!',
  '~root',
  '=ls',
  '*',
  '{a,b}',
  '$HOME',
  '$IFS;touch$IFS OWNED',
  '\u0000touch OWNED',
  '\u0003touch OWNED\u0004',
  '\u001b[2K\u001b[1Gtouch OWNED',
  '\u0008\u0008\u0008',
  '\u202etouch OWNED',
  '\u2028touch OWNED',
  '\u0085touch OWNED',
  '\ud800',
  'é ü 漢 😀',
  '',
];

/** Each way in which a value that a user chooses gets into a command. */
const WAYS: Record<string, (value: string) => ApiCall> = {
  labelSelector: (value) => listCall(PODS, 'demo', { labelSelector: value }),
  fieldSelector: (value) => listCall(PODS, 'demo', { fieldSelector: value, limit: 1 }),
  continueToken: (value) => listCall(PODS, 'demo', { continue: value }),
  container: (value) => logCall('demo', 'p', { tailLines: 1, limitBytes: 1, container: value }),
  reviewedVerb: (value) => review({ verb: value, group: '', resource: 'pods' }),
  reviewedResource: (value) => review({ verb: 'get', group: '', resource: value }),
  reviewedGroup: (value) => review({ verb: 'get', group: value, resource: 'pods' }),
  reviewedName: (value) => review({ verb: 'get', group: '', resource: 'pods', name: value }),
  reviewedNamespace: (value) => review({ verb: 'get', group: '', resource: 'pods', namespace: value }),
  reviewedSubresource: (value) => review({ verb: 'get', group: '', resource: 'pods', subresource: value }),
  manifestValue: (value) =>
    createCall(AGENTIC_SESSIONS, { namespace: 'demo' }, { spec: { initialPrompt: value } }),
  manifestKey: (value) =>
    createCall(AGENTIC_SESSIONS, { namespace: 'demo' }, { metadata: { labels: { [value]: value } } }),
  patchValue: (value) =>
    jsonPatchCall(AGENTIC_SESSIONS, { namespace: 'demo', name: 'a' }, [
      { op: 'add', path: `/${value}`, value },
    ]),
};

function review(attributes: Parameters<typeof accessReviewOf>[0]): ApiCall {
  return reviewCall(SELF_SUBJECT_ACCESS_REVIEWS, accessReviewOf(attributes));
}

function commandOf(call: ApiCall): KubectlCommand {
  const { method, attributes, body } = call;
  const path = call.path + queryString(call.query);
  return kubectlCommand({ auditId: 'r.1', identity: 'user', method, path, attributes, body }, OPTIONS);
}

describe.each(SHELLS)('commands that were copied into %s', (shell) => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'writ-copied-'));
    const kubectl = join(directory, 'kubectl');
    // Prints how many arguments it has, these, and what it reads.
    writeFileSync(kubectl, '#!/bin/sh\nprintf \'%s\\0\' "$#" "$@"\ncat\nprintf \'\\0\'\n');
    chmodSync(kubectl, 0o755);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** The arguments and the input of each kubectl that runs. That nothing else runs shows in the directory. */
  function run(script: string): { args: string[]; stdin: string }[] {
    const file = join(directory, 'script');
    writeFileSync(file, script);
    const output = execFileSync(shell, [file], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: `${directory}:/usr/bin:/bin`, HOME: '/nonexistent' },
      encoding: 'utf8',
    });
    expect(readdirSync(directory).sort()).toEqual(['kubectl', 'script']);
    const parts = output.split('\0');
    const runs: { args: string[]; stdin: string }[] = [];
    while (parts.length > 1) {
      const args = parts.splice(0, Number(parts[0]) + 1).slice(1);
      runs.push({ args, stdin: parts.shift() ?? '' });
    }
    return runs;
  }

  function expectAlone(calls: ApiCall[], flags: string[] = []): void {
    const commands = calls.map(commandOf);
    const script = commands.map((command) => renderCommand(command, flags)).join('\n');
    // Nothing that a terminal acts on, and nothing hidden.
    expect(script).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
    expect(run(script)).toEqual(
      commands.map(({ args, stdin }) => ({
        args: [...args, ...flags],
        stdin: stdin === undefined ? '' : `${stdin}\n`,
      })),
    );
  }

  it.each(Object.keys(WAYS))('run kubectl alone, and with these arguments, whatever the %s', (way) => {
    expectAlone(ATTACKS.map((attack) => WAYS[way]?.(attack) as ApiCall));
  });

  it('run kubectl alone as whoever they say', () => {
    const flags = ATTACKS.filter((each) => /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(each));
    for (const each of flags) expectAlone([listCall(PODS, 'demo')], [`--context=${each}`]);
  });

  it('run kubectl alone for any values', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 40 });
    const ofShells = fc.string({ unit: fc.constantFrom(...SHELL_CHARACTERS), maxLength: 40 });
    const way = fc.constantFrom(...Object.values(WAYS));
    const calls = fc.tuple(way, fc.oneof(anything, ofShells)).map(([make, value]) => make(value));
    fc.assert(
      fc.property(fc.array(calls, { minLength: 20, maxLength: 60 }), (each) => expectAlone(each)),
      {
        numRuns: 5,
      },
    );
  });
});

it('what a user has chosen is a flag in no command', () => {
  const flags = ATTACKS.filter((each) => each.startsWith('-')).flatMap((attack) =>
    Object.values(WAYS).flatMap((make) => {
      const { args } = commandOf(make(attack));
      // It is the value of the flag before it.
      return args.filter((arg, n) => arg === attack && !VALUE_FLAGS.includes(args[n - 1] ?? ''));
    }),
  );
  expect(flags).toEqual([]);
});
