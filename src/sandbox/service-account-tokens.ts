import { randomBytes, randomUUID } from 'node:crypto';
import { at, type Fields, isFields, type KubeObject, timestamp } from './objects.ts';
import type { UserInfo } from './rbac.ts';
import type { Registry } from './registry.ts';
import { badRequest, invalid, kindConflict, notFound, type StatusError } from './status.ts';

interface Issued {
  namespace: string;
  name: string;
  uid: string;
  bound?: { plural: 'secrets' | 'pods'; name: string; uid: string };
  audiences: string[];
  expires: number;
  id: string;
}

export const apiAudience = 'https://kubernetes.default.svc.cluster.local';
const plurals: Record<string, 'secrets' | 'pods'> = { Secret: 'secrets', Pod: 'pods' };
const request = { group: 'authentication.k8s.io', plural: 'tokenrequests', kind: 'TokenRequest' };

/** Tokens of service accounts: good while the account and the object that they are bound to exist by their UIDs. */
export class ServiceAccountTokens {
  readonly #registry: Registry;
  readonly #issued = new Map<string, Issued>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Answers a TokenRequest: 422 for a lifetime under 10 minutes, 404 or 409 for a bound object that is not there. */
  issue(account: KubeObject, body: Fields): Fields {
    const { namespace = '', name, uid } = account.metadata;
    requireSame(account, isFields(body.metadata) ? body.metadata : {});
    const spec = isFields(body.spec) ? body.spec : {};
    const seconds = Number(spec.expirationSeconds ?? 3600);
    const tooShort = 'may not specify a duration less than 10 minutes';
    if (!(seconds >= 600)) throw invalidValue('spec.expirationSeconds', seconds, tooShort);
    const asked = Array.isArray(spec.audiences) ? spec.audiences.map(String) : [];
    const audiences = asked.length > 0 ? asked : [apiAudience];
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
    this.#issued.set(token, { namespace, name, uid, ...(bound && { bound }), audiences, expires, id });
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

  #boundObject(namespace: string, ref: unknown): Issued['bound'] {
    if (!isFields(ref)) return undefined;
    const plural = plurals[String(ref.kind)];
    const name = String(ref.name ?? '');
    if (!plural || (ref.apiVersion ?? 'v1') !== 'v1') {
      throw badRequest(`cannot bind token to object of type ${ref.apiVersion}, Kind=${ref.kind}`);
    }
    const uid = this.#uidOf(plural, namespace, name);
    if (!uid) throw notFound({ group: '', plural }, name);
    const wanted = at(ref, 'uid');
    if (wanted && wanted !== uid) {
      const why = `the UID in the bound object reference (${wanted}) does not match the UID in record. The object might have been deleted and then recreated`;
      throw kindConflict({ group: '', plural, kind: String(ref.kind) }, name, why);
    }
    return { plural, name, uid };
  }
}

export function serviceAccountUser(namespace: string, name: string, uid: string): UserInfo {
  const username = `system:serviceaccount:${namespace}:${name}`;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { username, uid, groups };
}

function invalidValue(field: string, value: unknown, why: string, name = ''): StatusError {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  return invalid(request, name, [{ field, reason: 'FieldValueInvalid', message }]);
}

/** What a request says of the account in its metadata are preconditions. */
function requireSame({ metadata: account }: KubeObject, { name, namespace, uid }: Fields): void {
  if (name && name !== account.name) {
    const why = 'must match the service account name if specified';
    throw invalidValue('metadata.name', name, why, account.name);
  }
  if (namespace && namespace !== account.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (uid && uid !== account.uid) {
    const why = `the UID in the token request (${uid}) does not match the UID of the service account (${account.uid})`;
    throw kindConflict(request, account.name, why);
  }
}

/** It looks like a JWT so that nobody relies on tokens being short; the signature is noise. */
function jwtShaped(claims: Fields): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'RS256', kid: 'sandbox' }), part(claims), randomBytes(64).toString('base64url')].join(
    '.',
  );
}
