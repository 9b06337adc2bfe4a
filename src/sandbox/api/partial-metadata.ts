import type { Fields, KubeObject } from '../objects.ts';
import { StatusError } from '../status.ts';

const API_VERSION = 'meta.k8s.io/v1';

/** Whether the first media type that the client accepts is the metadata only; objects and lists have one each. */
export function wantsMetadata(accept: string | undefined, of: 'object' | 'list'): boolean {
  const form = /^application\/json;[^,]*as=(PartialObjectMetadata(?:List)?)\b/;
  const [, wanted] = form.exec(accept?.replaceAll(' ', '') ?? '') ?? [];
  if (wanted === 'PartialObjectMetadata' && of === 'list')
    throw new StatusError(
      406,
      'NotAcceptable',
      `you requested ${wanted}, but the requested object is a list`,
    );
  if (wanted === 'PartialObjectMetadataList' && of === 'object')
    throw new StatusError(500, '', 'content is not a list');
  return wanted !== undefined;
}

export function partialList({ metadata, items }: Fields & { items: KubeObject[] }): Fields {
  const kind = 'PartialObjectMetadataList';
  // Like the API server, null instead of an empty array.
  return {
    kind,
    apiVersion: API_VERSION,
    metadata,
    items: items.length > 0 ? items.map(partialObject) : null,
  };
}

export function partialObject({ metadata }: KubeObject): Fields {
  return { kind: 'PartialObjectMetadata', apiVersion: API_VERSION, metadata };
}
