import { createYoga } from 'graphql-yoga';
import { session } from '../operations.ts';
import { listen } from './listen.ts';
import { createSchema, type StoredSession } from './schema.ts';

/** The floor: Yoga and Pothos with sessions from memory, for anybody. What Writ costs more is its own doing, or the cluster's. */
const PAGE: StoredSession[] = Array.from({ length: 50 }, (_, n) => {
  const { metadata, ...rest } = session(`s${String(n).padStart(4, '0')}`);
  const creationTimestamp = '2026-01-02T15:04:05Z';
  return {
    ...rest,
    metadata: {
      ...metadata,
      namespace: 'many',
      uid: crypto.randomUUID(),
      creationTimestamp,
      resourceVersion: `${n}`,
    },
  };
});

const schema = createSchema({ list: () => PAGE, get: () => PAGE[1] as StoredSession });
listen(createYoga({ schema, logging: false, graphiql: false }));
