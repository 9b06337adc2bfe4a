import { randomBytes } from 'node:crypto';
import type { Sandbox, SandboxIdentity } from '../../src/sandbox/sandbox.ts';

export type Identities = Sandbox['identities'];

/** The sandbox's people, with its tokens. */
export function people(): Omit<Identities, 'backend' | 'controller'> {
  const person = (username: string, ...groups: string[]): SandboxIdentity => ({
    token: `sandbox-${username}-token`,
    username,
    uid: `sandbox-${username}`,
    groups: [...groups, 'system:authenticated'],
  });
  return {
    admin: person('admin', 'system:masters'),
    alice: person('alice'),
    victor: person('victor'),
    mallory: person('mallory'),
  };
}

/** The control plane's own components, each under the name that the audit log then shows. */
export function components() {
  const component = (username: string, ...groups: string[]): SandboxIdentity => ({
    token: randomBytes(16).toString('hex'),
    username,
    uid: username,
    groups,
  });
  return {
    controllers: component('system:kube-controller-manager'),
    scheduler: component('system:kube-scheduler'),
    kwok: component('kwok', 'system:masters'),
  };
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file */
export function tokenFile(identities: SandboxIdentity[]): string {
  return identities
    .map(({ token, username, uid, groups }) => {
      const given = groups.filter((group) => group !== 'system:authenticated');
      // An empty column would be a group without a name.
      return `${token},${username},${uid}${given.length > 0 ? `,"${given.join(',')}"` : ''}\n`;
    })
    .join('');
}
