import type { InputFieldMap, InputShapeFromFields, ObjectRef } from '@pothos/core';
import type { Receipt } from '../authorization/receipt.ts';
import { builder, type SchemaTypes } from './builder.ts';
import type { Context } from './context.ts';
import { MutationReceipt, notingWrits, withReceipt } from './receipt.ts';

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
 * The payload is nullable: an error of one mutation must not hide what the others of the operation have done. Each payload has
 * a receipt of the privileged writes, and so has an error after their review.
 */
export function mutation<Args extends InputFieldMap, Payload extends object>(
  name: string,
  { description, payload, args, cost, resolve }: MutationOptions<Args, Payload>,
): void {
  builder.objectField(payload, 'receipt', (t) =>
    t.field({
      type: MutationReceipt,
      nullable: true,
      description:
        "What Writ's own identity has written for the mutation, and by which review. Null if there was no review, because all was done with the caller's own token or nothing was to be done. If the mutation fails after the review, its error has the receipt in `extensions.receipt`.",
      resolve: (given) => (given as { receipt?: Receipt | null }).receipt,
    }),
  );
  builder.mutationField(name, (t) =>
    t.field({
      type: payload,
      nullable: true,
      description,
      args,
      complexity: { field: cost },
      // TypeScript cannot resolve Pothos' conditional type for a resolver of a type parameter.
      resolve: (async (_: unknown, values: InputShapeFromFields<Args>, context: Context) => {
        context.refresh();
        const noting = notingWrits(context);
        try {
          return { ...(await resolve(values, noting.context)), receipt: noting.receipt() };
        } catch (error) {
          throw withReceipt(error, noting.receipt());
        }
      }) as never,
    }),
  );
}
