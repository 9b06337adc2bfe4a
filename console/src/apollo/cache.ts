import type { FieldPolicy, InMemoryCache } from '@apollo/client';
import { createCache as createSessionCache } from '../../../examples/apollo/cache.ts';

/** A list of objects that comes whole: a new one replaces the old one. */
const replaced: FieldPolicy = { merge: false };

/** The cache of docs/apollo.md, with the types that its examples do not read. */
export function createCache(): InMemoryCache {
  const cache = createSessionCache();
  cache.policies.addTypePolicies({
    Query: { fields: { runnerTypes: replaced } },
    Project: {
      fields: {
        accessKeys: replaced,
        members: replaced,
        runnerSecretKeys: replaced,
        scheduledSessions: replaced,
      },
    },
    ProjectSettings: { fields: { groupAccess: replaced, repositories: replaced } },
    ScheduledSession: { fields: { nextScheduleTimes: replaced } },
    Viewer: { merge: true },
  });
  return cache;
}
