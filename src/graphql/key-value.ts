import { builder } from './builder.ts';

export const KeyValue = builder.objectRef<{ key: string; value: string }>('KeyValue').implement({
  description: 'An entry of a map such as labels, with its key exactly as the cluster stores it.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The key, unique within its map.' }),
    value: t.exposeString('value', { description: 'The value, which can be empty.' }),
  }),
});

export const KeyValueInput = builder.inputType('KeyValueInput', {
  description: 'An entry of a map such as labels. BAD_USER_INPUT if a map has the same key twice.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'The key, unique within its map.' }),
    value: t.string({ required: true, description: 'The value, which can be empty.' }),
  }),
});
