import { serviceAccountUser, type UserInfo } from './access/user-info.ts';
import type { Registry } from './storage/registry.ts';

export interface SandboxIdentity extends UserInfo {
  token: string;
}

export type IdentityName = 'admin' | 'alice' | 'victor' | 'mallory' | 'backend' | 'controller';

/** The fixed users of the sandbox, and the service accounts of Writ's API and controller. */
export function createIdentities(registry: Registry): Record<IdentityName, SandboxIdentity> {
  const user = (username: string, ...groups: string[]) => ({
    token: `sandbox-${username}-token`,
    username,
    uid: `sandbox-${username}`,
    groups: [...groups, 'system:authenticated'],
  });
  const account = (name: string, token: string) => {
    const { metadata } = registry.get(registry.resource('', 'serviceaccounts'), 'writ-system', name);
    return { ...serviceAccountUser('writ-system', name, metadata.uid), token };
  };
  return {
    admin: user('admin', 'system:masters'),
    alice: user('alice'),
    victor: user('victor'),
    mallory: user('mallory'),
    backend: account('writ-api', 'sandbox-backend-token'),
    controller: account('writ-controller', 'sandbox-controller-token'),
  };
}
