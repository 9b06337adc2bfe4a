import type { UserInfo } from './rbac.ts';
import type { SandboxIdentity } from './sandbox.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { unauthorized } from './status.ts';

const anonymous: UserInfo = { username: 'system:anonymous', uid: '', groups: ['system:unauthenticated'] };

export class Authentication {
  readonly #identities: Map<string, UserInfo>;
  readonly #tokens: ServiceAccountTokens;

  constructor(identities: SandboxIdentity[], tokens: ServiceAccountTokens) {
    this.#identities = new Map(identities.map(({ token, ...user }) => [token, user]));
    this.#tokens = tokens;
  }

  /** The user of an Authorization header. None: anonymous. One that is not a good bearer token: 401. */
  user(header: string | undefined): UserInfo {
    if (header === undefined) return anonymous;
    const token = /^bearer +(\S+)$/i.exec(header)?.[1];
    const user = token === undefined ? undefined : this.userOfToken(token);
    if (!user) throw unauthorized();
    return user;
  }

  userOfToken(token: string, audiences?: string[]): UserInfo | undefined {
    return this.#identities.get(token) ?? this.#tokens.authenticate(token, audiences);
  }
}
