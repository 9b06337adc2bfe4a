import type { CallIdentity } from '../../src/kubernetes/call-identity.ts';
import { type ApiCall, queryString } from '../../src/kubernetes/calls.ts';
import { kubectlCommand } from '../../src/kubernetes/kubectl/command.ts';
import { renderCommand } from '../../src/kubernetes/kubectl/shell.ts';
import { BUILT_IN_TYPES } from '../../src/kubernetes/resources.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';

const OPTIONS = { types: [...BUILT_IN_TYPES, AGENTIC_SESSIONS], ofCallers: [AGENTIC_SESSIONS] };

/** The command of a call, as the caller unless another identity is given. */
export function commandOf(call: ApiCall, identity: CallIdentity = 'user'): string {
  const { method, attributes, body } = call;
  const path = call.path + queryString(call.query);
  const sent = { auditId: 'r.1', identity, method, path, attributes, body };
  return renderCommand(kubectlCommand(sent, OPTIONS), []);
}

/** A session as it is sent. */
export const session = (spec: object, metadata: object = {}) => ({
  apiVersion: 'vteam.ambient-code/v1alpha1',
  kind: 'AgenticSession',
  metadata: { name: 'a', namespace: 'demo', ...metadata },
  spec,
});
