import { type FieldPolicy, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import possibleTypes from '../../schema/possible-types.json' with { type: 'json' };

/** A list of objects without an id: a new list replaces the old one. Without this the cache warns when it is shorter. */
const replaced: FieldPolicy = { merge: false };

/**
 * Pages are added to one list for each combination of these arguments. A list that could not be read is null, as in the
 * response: `relayStylePagination` alone makes an empty list of it.
 */
function pagination(keyArgs: string[]): FieldPolicy {
  const policy = relayStylePagination(keyArgs);
  const merge: FieldPolicy['merge'] = (existing, incoming, options) => {
    if (incoming === null) return options.args?.after ? existing : null;
    return typeof policy.merge === 'function' ? policy.merge(existing, incoming, options) : incoming;
  };
  return { ...policy, merge };
}

export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Query: { fields: { projects: pagination(['search', 'orderBy']) } },
      Project: {
        fields: {
          sessions: pagination(['labelSelector', 'filter', 'orderBy']),
          labels: replaced,
        },
      },
      AgenticSession: {
        fields: {
          children: pagination([]),
          annotations: replaced,
          availableActions: replaced,
          conditions: replaced,
          environmentVariables: replaced,
          events: replaced,
          labels: replaced,
          pods: replaced,
          raw: replaced,
          repos: replaced,
        },
      },
      Job: { fields: { conditions: replaced } },
      Pod: { fields: { containers: replaced } },
      // Objects without an id, of which different operations select different fields.
      LlmSettings: { merge: true },
      SessionUser: { merge: true },
    },
  });
}
