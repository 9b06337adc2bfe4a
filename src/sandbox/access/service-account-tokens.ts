import { randomBytes, randomUUID } from 'node:crypto';
import { invalidValue } from '../field-errors.ts';
import { type Fields, isFields, type KubeObject, timestamp } from '../objects.ts';
import { badRequest, invalid, kindConflict, notFound } from '../status.ts';
import type { Registry } from '../storage/registry.ts';
import { requireNamespace } from '../storage/type-meta.ts';
import { serviceAccountUser, type UserInfo } from './user-info.ts';

interface IssuedToken {
  id: string;
  namespace: string;
  name: string;
  uid: string;
  bound?: { plural: 'secrets' | 'pods'; name: string; uid: string } | undefined;
  audiences: string[];
  /** Milliseconds since the epoch. */
  expires: number;
}

export const apiAudience = 'https://kubernetes.default.svc.cluster.local';
const boundPlurals: Record<string, 'secrets' | 'pods'> = { Secret: 'secrets', Pod: 'pods' };
const tokenRequest = { group: 'authentication.k8s.io', plural: 'tokenrequests', kind: 'TokenRequest' };

/**
 * The tokens of service accounts. A token is valid while its account and the object that it is bound to exist with the
 * UIDs that they had when it was issued.
 */
export class ServiceAccountTokens {
  readonly #registry: Registry;
  readonly #issued = new Map<string, IssuedToken>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * The response to a TokenRequest. 422 for a lifetime under 10 minutes; 404 if the object to bind to does not exist,
   * 409 if it has another UID.
   */
  issue(account: KubeObject, body: Fields): Fields {
    const { namespace = '', name, uid } = account.metadata;
    checkPreconditions(account, isFields(body.metadata) ? body.metadata : {});
    const spec = isFields(body.spec) ? body.spec : {};
    const seconds = Number(spec.expirationSeconds ?? 3600);
    if (!(seconds >= 600)) {
      const why = 'may not specify a duration less than 10 minutes';
      throw invalid(tokenRequest, '', [invalidValue('spec.expirationSeconds', seconds, why)]);
    }
    const requested = Array.isArray(spec.audiences) ? spec.audiences.map(String) : [];
    const audiences = requested.length > 0 ? requested : [apiAudience];
    const bound = this.#boundObject(namespace, spec.boundObjectRef);
    const issued = Math.floor(Date.now() / 1000);
    const expires = (issued + seconds) * 1000;
    const id = randomUUID();
    const token = jwtShaped({
      aud: audiences,
      exp: issued + seconds,
      iat: issued,
      iss: apiAudience,
      jti: id,
      'kubernetes.io': { namespace, serviceaccount: { name, uid } },
      sub: `system:serviceaccount:${namespace}:${name}`,
    });
    this.#issued.set(token, { id, namespace, name, uid, bound, audiences, expires });
    return {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, uid, creationTimestamp: timestamp() },
      spec: { ...spec, audiences, expirationSeconds: seconds },
      status: { token, expirationTimestamp: timestamp(expires) },
    };
  }

  authenticate(token: string, audiences = [apiAudience]): UserInfo | undefined {
    const issued = this.#issued.get(token);
    if (!issued || issued.expires <= Date.now()) return undefined;
    if (!issued.audiences.some((audience) => audiences.includes(audience))) return undefined;
    const { namespace, name, uid, bound, id } = issued;
    if (this.#uidOf('serviceaccounts', namespace, name) !== uid) return undefined;
    if (bound && this.#uidOf(bound.plural, namespace, bound.name) !== bound.uid) return undefined;
    return {
      ...serviceAccountUser(namespace, name, uid),
      extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${id}`] },
    };
  }

  #uidOf(plural: string, namespace: string, name: string): string | undefined {
    return this.#registry.store.get(this.#registry.resource('', plural), namespace, name)?.metadata.uid;
  }

  #boundObject(namespace: string, ref: unknown): IssuedToken['bound'] {
    if (!isFields(ref)) return undefined;
    const { apiVersion, kind, uid: expected } = ref;
    const plural = boundPlurals[String(kind)];
    const name = String(ref.name ?? '');
    if (!plural || (apiVersion ?? 'v1') !== 'v1') {
      throw badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`);
    }
    const uid = this.#uidOf(plural, namespace, name);
    if (!uid) throw notFound({ group: '', plural }, name);
    if (expected && expected !== uid) {
      const why = `the UID in the bound object reference (${expected}) does not match the UID in record. The object might have been deleted and then recreated`;
      throw kindConflict({ group: '', plural, kind: String(kind) }, name, why);
    }
    return { plural, name, uid };
  }
}

/** Name, namespace and UID in a request's metadata are preconditions on the service account. */
function checkPreconditions({ metadata: account }: KubeObject, { name, namespace, uid }: Fields): void {
  if (name && name !== account.name) {
    const why = 'must match the service account name if specified';
    throw invalid(tokenRequest, account.name, [invalidValue('metadata.name', name, why)]);
  }
  requireNamespace({ namespace }, account.namespace);
  if (uid && uid !== account.uid) {
    const why = `the UID in the token request (${uid}) does not match the UID of the service account (${account.uid})`;
    throw kindConflict(tokenRequest, account.name, why);
  }
}

/** Shaped like a JWT, so that clients meet tokens of a realistic length; the signature is random bytes. */
function jwtShaped(claims: Fields): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'RS256', kid: 'sandbox' }), part(claims), randomBytes(64).toString('base64url')].join(
    '.',
  );
}
