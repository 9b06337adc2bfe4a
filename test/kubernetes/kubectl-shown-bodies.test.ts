import { describe, expect, it } from 'vitest';
import type { CallIdentity } from '../../src/kubernetes/call-identity.ts';
import {
  type ApiCall,
  createCall,
  jsonPatchCall,
  mergePatchCall,
  reviewCall,
  updateCall,
} from '../../src/kubernetes/calls.ts';
import {
  CRON_JOBS,
  JOBS,
  LOCAL_SUBJECT_ACCESS_REVIEWS,
  ROLE_BINDINGS,
  SECRETS,
} from '../../src/kubernetes/resources.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';
import { commandOf, session } from './printed-command.ts';

describe('a command does not show', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { k: 'hunter2' } };
  const environment = { environmentVariables: { KEY: 'hunter2' } };
  const template = JSON.stringify({ environmentVariables: [{ key: 'KEY', value: 'hunter2' }] });
  const sessions = { namespace: 'demo' };
  const named = { namespace: 'demo', name: 'a' };

  it.each<[string, ApiCall, CallIdentity]>([
    ['the data of a Secret', createCall(SECRETS, sessions, secret), 'user'],
    ['a change of a Secret', mergePatchCall(SECRETS, named, { data: { k: 'hunter2' } }), 'user'],
    [
      'a change of one key of a Secret',
      jsonPatchCall(SECRETS, named, [{ op: 'add', path: '/data/k', value: 'hunter2' }]),
      'backend',
    ],
    ['values of variables', createCall(AGENTIC_SESSIONS, sessions, session(environment)), 'backend'],
    [
      'a changed variable',
      jsonPatchCall(AGENTIC_SESSIONS, named, [
        { op: 'add', path: '/spec/environmentVariables/KEY', value: 'hunter2' },
      ]),
      'user',
    ],
    [
      'changed variables',
      jsonPatchCall(AGENTIC_SESSIONS, named, [{ op: 'add', path: '/spec', value: environment }]),
      'user',
    ],
    ['changed variables in a merge', mergePatchCall(AGENTIC_SESSIONS, named, { spec: environment }), 'user'],
    [
      'the settings of MCP servers',
      createCall(
        AGENTIC_SESSIONS,
        sessions,
        session({ mcpServers: { custom: { a: { headers: 'hunter2' } } } }),
      ),
      'user',
    ],
    [
      'an object in an annotation',
      createCall(AGENTIC_SESSIONS, sessions, session({}, { annotations: { template } })),
      'user',
    ],
    [
      'an object in a changed annotation',
      jsonPatchCall(AGENTIC_SESSIONS, named, [
        { op: 'add', path: '/metadata/annotations/x~1template', value: template },
      ]),
      'user',
    ],
    [
      'what Writ itself creates',
      createCall(JOBS, sessions, { kind: 'Job', metadata: { name: 'j' }, spec: { image: 'hunter2' } }),
      'backend',
    ],
    [
      'what Writ itself changes',
      jsonPatchCall(CRON_JOBS, named, [{ op: 'add', path: '/spec/schedule', value: 'hunter2' }]),
      'backend',
    ],
    [
      'whose rights Writ itself asks for',
      reviewCall(LOCAL_SUBJECT_ACCESS_REVIEWS, { kind: 'X', spec: { user: 'hunter2' } }, sessions),
      'backend',
    ],
    [
      'the rest of a long text',
      createCall(AGENTIC_SESSIONS, sessions, session({ initialPrompt: `${'x'.repeat(1_000)}hunter2` })),
      'user',
    ],
    [
      'the rest of a long object',
      createCall(AGENTIC_SESSIONS, sessions, session({ repos: Array(900).fill({ url: 'https://hunter2' }) })),
      'user',
    ],
    ['an object that is replaced, if it is a Secret', updateCall(SECRETS, named, secret), 'user'],
  ])('%s, and says so', (_, call, identity) => {
    const command = commandOf(call, identity);
    expect(command).not.toContain('hunter2');
    expect(command).toMatch(/^# [A-Z][^\n]*\.\n(# [^\n]*\n)*kubectl /);
    expect(command.length).toBeLessThan(10_000);
  });

  it('but does show the rest', () => {
    const input = session({ initialPrompt: 'Fix it', ...environment }, { annotations: { a: 'b' } });
    const command = commandOf(createCall(AGENTIC_SESSIONS, sessions, input), 'backend');
    const manifest = JSON.parse(command.split('\n').slice(2, -1).join('\n'));
    expect(manifest).toEqual({
      ...input,
      spec: { initialPrompt: 'Fix it', environmentVariables: { KEY: '(left out)' } },
    });
    const binding = { kind: 'RoleBinding', metadata: { name: 'b' }, roleRef: { name: 'view' } };
    expect(commandOf(createCall(ROLE_BINDINGS, sessions, binding))).toContain('"name": "view"');
  });
});
