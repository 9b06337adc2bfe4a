import { describe, expect, it } from 'vitest';
import { createDeveloperTraces } from '../../src/commands/developer-trace.ts';
import { readConfig } from '../../src/config/config.ts';
import type { UpstreamCall } from '../../src/kubernetes/call-trace.ts';
import { type ApiCall, deleteCall, getCall, jsonPatchCall } from '../../src/kubernetes/calls.ts';
import { JOBS } from '../../src/kubernetes/resources.ts';

const ON = { WRIT_DEVELOPER_TRACE: 'true' };
const IN_POD = { ...ON, KUBERNETES_SERVICE_HOST: '10.0.0.1', WRIT_NAMESPACE: 'writ' };
const WITH_KUBECONFIG = { ...ON, KUBECONFIG: '/nowhere' };
const CONTEXTS = new Map([
  ['admin', 'admin'],
  ['alice', 'alice'],
  ['system:serviceaccount:writ-system:writ-api', 'backend'],
]);
const job = { namespace: 'demo', name: 'j' };
const GET = getCall(JOBS, 'demo', 'j');
const DELETE = deleteCall(JOBS, job, { uid: 'u' });
const PATCH = jsonPatchCall(JOBS, job, []);

/** The command of a call, without what all commands of its kind have. */
function flags(
  environment: Record<string, string>,
  [call, identity, username = 'alice']: [ApiCall, UpstreamCall['identity'], string?],
  contexts?: ReadonlyMap<string, string>,
): string {
  const trace = createDeveloperTraces(readConfig(environment), contexts)?.({ startedAt: 0, username });
  const { method, path, attributes, body } = call;
  trace?.sent({ auditId: 'r.1', identity, method, path, attributes, body });
  const [only] = (trace?.take({ unfinished: true }) ?? []) as UpstreamCall[];
  return only?.command.replace(/(?<=kubectl ).*(-o json|--wait=false) ?/, '').trim() ?? '';
}

describe('a command says as whom it runs', () => {
  it('in the sandbox by the contexts of its kubeconfig', () => {
    expect(flags(ON, [GET, 'user'], CONTEXTS)).toBe('kubectl --context=alice');
    expect(flags(ON, [DELETE, 'backend'], CONTEXTS)).toBe('kubectl --context=backend');
    expect(flags(ON, [PATCH, 'backend'], CONTEXTS)).toMatch(/^# .*\n# .*\nkubectl --context=admin$/);
  });

  it('in the sandbox by impersonation, if there is no context', () => {
    const account = 'system:serviceaccount:demo:access-key-x';
    expect(flags(ON, [GET, 'user', account], CONTEXTS)).toBe(`kubectl --context=admin --as=${account}`);
  });

  it('in a pod by the name of the service account', () => {
    expect(flags(IN_POD, [GET, 'user'])).toBe('kubectl');
    expect(flags(IN_POD, [DELETE, 'backend'])).toBe('kubectl --as=system:serviceaccount:writ:writ-api');
    expect(flags(IN_POD, [PATCH, 'backend'])).toMatch(/^# .*for an administrator\.\n# .*\nkubectl$/);
  });

  it('with a kubeconfig by a comment, since the name is not known', () => {
    expect(flags(WITH_KUBECONFIG, [GET, 'user'])).toBe('kubectl');
    expect(flags(WITH_KUBECONFIG, [DELETE, 'backend'])).toBe(
      '# Writ has made this call with its own identity.\nkubectl',
    );
  });
});

it('there is no trace without the setting', () => {
  expect(createDeveloperTraces(readConfig({}))).toBeUndefined();
});
