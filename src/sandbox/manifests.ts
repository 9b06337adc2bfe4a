import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { isFields, type KubeObject } from './objects.ts';
import type { Registry } from './storage/registry.ts';

/** The objects of a YAML text, without the fields that the registry adds. */
export function parseManifests(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter(isFields) as KubeObject[];
}

/** Of the files of a directory, without its kustomization. */
export function readManifests(directory: URL): KubeObject[] {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .sort();
  return files.flatMap((name) => parseManifests(readFileSync(new URL(name, directory), 'utf8')));
}

/** Creates the object without access checks, with the manifest's status, UID and creationTimestamp if set. */
export function install(registry: Registry, manifest: KubeObject): KubeObject {
  const [version = '', group = ''] = manifest.apiVersion.split('/').reverse();
  const resource = registry.resources.find(
    (r) => r.group === group && r.version === version && r.kind === manifest.kind,
  );
  if (!resource) throw new Error(`the sandbox does not serve ${manifest.kind} in ${manifest.apiVersion}`);
  const { uid, namespace } = manifest.metadata;
  const created = registry.create(resource, namespace, manifest, { uid });
  const { status = created.status, metadata: given } = manifest;
  const { creationTimestamp = created.metadata.creationTimestamp } = given;
  const metadata = { ...created.metadata, creationTimestamp };
  return registry.store.put(resource, { ...created, metadata, ...(status !== undefined && { status }) });
}
