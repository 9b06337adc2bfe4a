import { builder } from './builder.ts';

export const OrderDirection = builder.enumType('OrderDirection', {
  description: 'The direction of an order.',
  values: {
    ASC: { description: 'Ascending: the lowest name or the earliest time first.' },
    DESC: { description: 'Descending: the highest name or the latest time first.' },
  },
});
