import { type GraphQLField, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import type { Context } from './context.ts';

type Path = { readonly prev: Path | undefined; readonly key: string | number } | undefined;

/**
 * Runs the fields that make calls as steps of their request, if somebody is told of steps: those of the root types, and those
 * with a cost of their own. Not those of a list's items, for all of which a loader makes one step.
 */
export function runFieldsAsSteps(schema: GraphQLSchema): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    // An event of a subscription has a trace of its own.
    if (!isObjectType(type) || type === schema.getSubscriptionType()) continue;
    for (const field of Object.values(type.getFields())) {
      if (roots.includes(type) || hasCost(field)) runAsStep(type, field);
    }
  }
  return schema;
}

function runAsStep({ name: type }: GraphQLObjectType, field: GraphQLField<unknown, Context>): void {
  const { resolve, name } = field;
  if (!resolve) return;
  const step = { name: `${type}.${name}` };
  field.resolve = (parent, args, context, info) => {
    if (!context.runStep || isOfItem(info.path)) return resolve(parent, args, context, info);
    return context.runStep(step, () => resolve(parent, args, context, info));
  };
}

/** Whether its cost was declared: the default is 1. */
function hasCost({ extensions: { complexity } }: GraphQLField<unknown, Context>): boolean {
  if (typeof complexity === 'function') return true;
  return ((complexity as { field?: number } | undefined)?.field ?? 1) > 1;
}

function isOfItem(path: Path): boolean {
  for (let at = path; at; at = at.prev) if (typeof at.key === 'number') return true;
  return false;
}
