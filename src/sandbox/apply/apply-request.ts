import { required } from '../field-errors.ts';
import { type Fields, isFields, type KubeObject } from '../objects.ts';
import { badRequest, conflict, invalid } from '../status.ts';
import type { Endpoint } from '../storage/registry.ts';
import type { Resource } from '../storage/resources.ts';
import { requireTypeMeta } from '../storage/type-meta.ts';
import { structureOf } from '../types/structure.ts';
import { type Applied, serverSideApply } from './server-side-apply.ts';

export const APPLY = 'application/apply-patch+yaml';

export interface ApplyRequest {
  resource: Resource;
  name: string;
  live: KubeObject | undefined;
  configuration: Fields;
  endpoint: Endpoint;
  /** The parameter fieldManager, which an apply needs. */
  manager: string | null;
  force: boolean;
}

/** The object that a PATCH with the media type of server-side apply asks for. */
export function applyConfiguration(request: ApplyRequest): Applied {
  const { resource, name, live, configuration, endpoint, manager, force } = request;
  if (!manager) {
    const cause = required('fieldManager', 'is required for apply patch');
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [cause]);
  }
  const { apiVersion = '', kind = '' } = configuration;
  if (!apiVersion || !kind) throw badRequest(`invalid object type: ${apiVersion || '/'}, Kind=${kind}`);
  requireTypeMeta(resource, configuration);
  const metadata = isFields(configuration.metadata) ? configuration.metadata : {};
  if (metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  if (metadata.name !== undefined && metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (!live && metadata.uid) {
    const why = `uid mismatch: the provided object specified uid ${metadata.uid}, and no existing object was found`;
    throw conflict(resource, name, why);
  }
  const { status, ...main } = configuration;
  const own =
    endpoint === 'status'
      ? { apiVersion, kind, status }
      : resource.subresources.includes('status')
        ? main
        : configuration;
  const writer = {
    manager,
    operation: 'Apply',
    ...(endpoint === 'status' && { subresource: 'status' }),
  } as const;
  return serverSideApply(
    live,
    { ...own, metadata: { ...metadata, name } },
    structureOf(resource),
    writer,
    force,
  );
}
