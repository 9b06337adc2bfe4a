/**
 * The media type with which the API server returns only the metadata of the objects of a list:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
