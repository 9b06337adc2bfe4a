import { builder } from './builder.ts';

export const KeyValue = builder.objectRef<{ key: string; value: string }>('KeyValue').implement({
  description: 'An entry of a map, such as labels, with its key as it stands in the cluster.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Unique within its map.' }),
    value: t.exposeString('value', { description: 'May be empty.' }),
  }),
});

export const KeyValueInput = builder.inputType('KeyValueInput', {
  description: 'An entry of a map. A key may be given once.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'Unique within its map.' }),
    value: t.string({ required: true, description: 'May be empty.' }),
  }),
});
