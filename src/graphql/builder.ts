import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import type { Context } from './context.ts';

/** Lists that are no connection are taken to be this long when a query's cost is counted. */
export const LIST_MULTIPLIER = 5;

interface Types {
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
}

/** The builder's types with all defaults, for helpers that take or return its refs. */
export type SchemaTypes = PothosSchemaTypes.ExtendDefaultTypes<Types>;

export const builder = new SchemaBuilder<Types>({
  plugins: [ComplexityPlugin],
  defaultFieldNullability: false,
  complexity: { defaultComplexity: 1, defaultListMultiplier: LIST_MULTIPLIER },
});

builder.queryType({ description: 'What the caller may see. Every field reads the cluster as the caller.' });
builder.mutationType({
  description: "What the caller may do, by the caller's own permissions in the cluster.",
});
