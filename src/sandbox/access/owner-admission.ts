import { isDeepStrictEqual } from 'node:util';
import { type Fields, isFields, type KubeObject, listAt } from '../objects.ts';
import { forbidden } from '../status.ts';
import type { Registry } from '../storage/registry.ts';
import type { Resource } from '../storage/resources.ts';
import type { Rbac } from './rbac.ts';
import type { UserInfo } from './user-info.ts';

export interface OwnedWrite {
  user: UserInfo;
  resource: Resource;
  namespace: string | undefined;
  body: Fields;
  /** The stored object, for an update. */
  current?: KubeObject | undefined;
}

/**
 * The admission plugin OwnerReferencesPermissionEnforcement: to change an object's owners a user must be allowed to
 * delete the object, and to set blockOwnerDeletion, to update the owner's finalizers.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#ownerreferencespermissionenforcement
 */
export function refuseOwners(rbac: Rbac, registry: Registry, write: OwnedWrite): void {
  const { user, resource, namespace = '', body, current } = write;
  const { group, plural } = resource;
  const given = listAt(body, 'metadata', 'ownerReferences');
  const before = current?.metadata.ownerReferences ?? [];
  const name = current?.metadata.name ?? (isFields(body.metadata) ? String(body.metadata.name ?? '') : '');
  if (current && !isDeepStrictEqual(given, before)) {
    if (!rbac.allows(user, { verb: 'delete', group, resource: plural, namespace, name }))
      throw forbidden(resource, name, "cannot set an ownerRef on a resource you can't delete: , <nil>");
  }
  for (const owner of given) {
    const known = before.find(({ uid }) => uid === owner.uid);
    if (!owner.blockOwnerDeletion || known?.blockOwnerDeletion) continue;
    const ownerGroup = String(owner.apiVersion).split('/').reverse()[1] ?? '';
    const kind = registry.resources.find((r) => r.group === ownerGroup && r.kind === owner.kind);
    const finalizers = {
      verb: 'update',
      group: ownerGroup,
      resource: kind?.plural ?? '',
      subresource: 'finalizers',
      name: String(owner.name),
      namespace,
    };
    if (!kind || rbac.allows(user, finalizers)) continue;
    const why =
      "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>";
    throw forbidden(resource, name, why);
  }
}
