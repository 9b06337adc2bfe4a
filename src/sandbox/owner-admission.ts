import { isDeepStrictEqual } from 'node:util';
import type { ApiDependencies, Exchange } from './api.ts';
import { type Fields, isFields, type KubeObject, listAt } from './objects.ts';
import type { Resource } from './resources.ts';
import { forbidden } from './status.ts';

/**
 * The admission plugin OwnerReferencesPermissionEnforcement: who changes the owners of an object may delete it, and who
 * lets it block an owner's deletion may set that owner's finalizers.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#ownerreferencespermissionenforcement
 */
export function refuseOwners(
  { rbac, registry }: ApiDependencies,
  { user, info }: Exchange,
  resource: Resource,
  body: Fields,
  current?: KubeObject,
): void {
  const given = listAt(body, 'metadata', 'ownerReferences');
  const before = current?.metadata.ownerReferences ?? [];
  const name = current?.metadata.name ?? (isFields(body.metadata) ? String(body.metadata.name ?? '') : '');
  if (current && !isDeepStrictEqual(given, before)) {
    const { namespace = '' } = info;
    const may = rbac.allows(user, {
      verb: 'delete',
      group: resource.group,
      resource: resource.plural,
      namespace,
      name,
    });
    if (!may)
      throw forbidden(resource, name, "cannot set an ownerRef on a resource you can't delete: , <nil>");
  }
  for (const owner of given) {
    const known = before.find(({ uid }) => uid === owner.uid);
    if (!owner.blockOwnerDeletion || known?.blockOwnerDeletion) continue;
    const group = String(owner.apiVersion).split('/').reverse()[1] ?? '';
    const kind = registry.resources.find((r) => r.group === group && r.kind === owner.kind);
    const attributes = {
      verb: 'update',
      group,
      resource: kind?.plural ?? '',
      subresource: 'finalizers',
      name: String(owner.name),
      ...(info.namespace !== undefined && { namespace: info.namespace }),
    };
    if (!kind || rbac.allows(user, attributes)) continue;
    const why =
      "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>";
    throw forbidden(resource, name, why);
  }
}
