import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import type { Context } from './context.ts';

/** The length that the cost of an operation assumes for a list that is not a connection. */
export const LIST_MULTIPLIER = 5;

/** The cost of a field that makes one call to the cluster for each object that has it. */
export const ONE_CALL = { field: 5 };

interface Types {
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
}

/** The builder's types with all defaults, for functions that take or return its refs. */
export type SchemaTypes = PothosSchemaTypes.ExtendDefaultTypes<Types>;

export const builder = new SchemaBuilder<Types>({
  plugins: [ComplexityPlugin],
  defaultFieldNullability: false,
  complexity: { defaultComplexity: 1, defaultListMultiplier: LIST_MULTIPLIER },
});

builder.queryType({
  description:
    'Reads of the cluster with the caller\'s own token, so that Kubernetes RBAC decides what they return. `null` without an error means "not found" or "not known"; a missing permission is the error FORBIDDEN, unless the description of a field says otherwise. Any field that reads the cluster can also fail with QUERY_TOO_COMPLEX, TOO_MANY_REQUESTS, UNAVAILABLE or TIMEOUT.',
});
builder.mutationType({
  description:
    "Changes, each allowed or denied by the caller's own permissions in the cluster. Any mutation can fail with BAD_USER_INPUT, which names each invalid field in `extensions.fields`, with FORBIDDEN, which names the missing permission, and with QUERY_TOO_COMPLEX, TOO_MANY_REQUESTS, UNAVAILABLE or TIMEOUT. A mutation that fails is null, with an error at its path; the others of the operation are executed all the same, in order.",
});
