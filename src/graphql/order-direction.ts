import { builder } from './builder.ts';

export const OrderDirection = builder.enumType('OrderDirection', {
  description: 'The direction of an order.',
  values: {
    ASC: { description: 'Ascending: the lowest name or the oldest object first.' },
    DESC: { description: 'Descending: the highest name or the newest object first.' },
  },
});
