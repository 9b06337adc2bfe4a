import type { SandboxIdentity } from '../identities.ts';
import { unauthorized } from '../status.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import type { UserInfo } from './user-info.ts';

const anonymous: UserInfo = { username: 'system:anonymous', uid: '', groups: ['system:unauthenticated'] };

export class Authentication {
  readonly #identities: Map<string, UserInfo>;
  readonly #tokens: ServiceAccountTokens;

  constructor(identities: SandboxIdentity[], tokens: ServiceAccountTokens) {
    this.#identities = new Map(identities.map(({ token, ...user }) => [token, user]));
    this.#tokens = tokens;
  }

  /** The user of an Authorization header: anonymous without a bearer token, 401 for an unknown one. */
  user(header = ''): UserInfo {
    const [scheme, token] = header.split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) return anonymous;
    const user = this.userOfToken(token);
    if (!user) throw unauthorized();
    return user;
  }

  userOfToken(token: string, audiences?: string[]): UserInfo | undefined {
    return this.#identities.get(token) ?? this.#tokens.authenticate(token, audiences);
  }
}
