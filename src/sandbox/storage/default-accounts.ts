import type { Registry } from './registry.ts';

/** Keeps a service account `default` in each namespace, as a controller does. Returns the function that stops it. */
export function startDefaultAccounts(registry: Registry): () => void {
  const namespaces = registry.resource('', 'namespaces');
  const accounts = registry.resource('', 'serviceaccounts');

  function ensure(namespace: string): void {
    const found = registry.store.get(namespaces, undefined, namespace);
    if (!found || found.metadata.deletionTimestamp) return;
    if (registry.store.get(accounts, namespace, 'default')) return;
    registry.create(accounts, namespace, { metadata: { name: 'default' } });
  }

  for (const [, { metadata }] of registry.store.list(namespaces)) ensure(metadata.name);
  return registry.store.subscribe(({ resource, type, object: { metadata } }) => {
    if (resource === namespaces && type === 'ADDED') ensure(metadata.name);
    if (resource === accounts && type === 'DELETED') ensure(metadata.namespace ?? '');
  });
}
