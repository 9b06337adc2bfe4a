import { writeFileSync } from 'node:fs';
import { isAbstractType, lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../src/graphql/schema.ts';

/** The SDL as published: sorted, so that it changes only if the API does. */
export function printSdl(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

/** The types of each interface and union, which a client with a normalized cache has to know. */
export function printPossibleTypes(): string {
  const sorted = lexicographicSortSchema(schema);
  const abstract = Object.values(sorted.getTypeMap()).filter(isAbstractType);
  const types = abstract.map((type) => [type.name, sorted.getPossibleTypes(type).map(({ name }) => name)]);
  return `${JSON.stringify(Object.fromEntries(types), null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(new URL('schema.graphql', import.meta.url), printSdl());
  writeFileSync(new URL('possible-types.json', import.meta.url), printPossibleTypes());
}
