import type { InputFieldMap, InputShapeFromFields, ObjectRef } from '@pothos/core';
import { builder, type SchemaTypes } from './builder.ts';
import type { Context } from './context.ts';

export interface MutationOptions<Args extends InputFieldMap, Payload extends object> {
  description: string;
  payload: ObjectRef<SchemaTypes, Payload>;
  args: Args;
  /** Counts towards the limit on complexity. It reflects the number of calls to the cluster. */
  cost: number;
  resolve(args: InputShapeFromFields<Args>, context: Context): Promise<Payload>;
}

/**
 * Adds a mutation to the schema. It first drops what the request has read, so that the payload shows the mutation's effect.
 * The payload is nullable: an error of one mutation must not hide what the others of the operation have done.
 */
export function mutation<Args extends InputFieldMap, Payload extends object>(
  name: string,
  { description, payload, args, cost, resolve }: MutationOptions<Args, Payload>,
): void {
  builder.mutationField(name, (t) =>
    t.field({
      type: payload,
      nullable: true,
      description,
      args,
      complexity: { field: cost },
      // TypeScript cannot resolve Pothos' conditional type for a resolver of a type parameter.
      resolve: ((_: unknown, values: InputShapeFromFields<Args>, context: Context) => {
        context.refresh();
        return resolve(values, context);
      }) as never,
    }),
  );
}
