import { CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { createYoga } from 'graphql-yoga';
import { listen } from './listen.ts';
import { createSchema, type StoredSession } from './schema.ts';

/**
 * The same API as a small team writes it: Yoga, Pothos and @kubernetes/client-node with their defaults, and a client with the
 * user's token for each request. It neither reads the project nor limits anything.
 */
const [file = ''] = process.argv.slice(2);
const base = new KubeConfig();
base.loadFromFile(file);
const cluster = base.getCurrentCluster();
if (!cluster) throw new Error(`${file} has no cluster`);

interface Context {
  request: Request;
}

const RESOURCE = { group: 'vteam.ambient-code', version: 'v1alpha1', plural: 'agenticsessions' };

function clientOf({ request }: Context): CustomObjectsApi {
  const token = request.headers.get('authorization')?.replace(/^Bearer /, '');
  if (!token || !cluster) throw new Error('Unauthorized');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, { name: 'user', token });
  return config.makeApiClient(CustomObjectsApi);
}

const schema = createSchema<Context>({
  async list(context, namespace, { first, search, newestFirst }) {
    const whole = search || newestFirst;
    const { items } = (await clientOf(context).listNamespacedCustomObject({
      ...RESOURCE,
      namespace,
      ...(!whole && { limit: first }),
    })) as { items: StoredSession[] };
    const found = search
      ? items.filter(({ metadata, spec }) =>
          [metadata.name, spec.displayName, spec.initialPrompt].some((text) => text?.includes(search)),
        )
      : items;
    const created = ({ metadata }: StoredSession) => Date.parse(metadata.creationTimestamp);
    if (newestFirst) found.sort((a, b) => created(b) - created(a));
    return found.slice(0, first);
  },
  get: (context, namespace, name) =>
    clientOf(context).getNamespacedCustomObject({ ...RESOURCE, namespace, name }),
});
listen(createYoga({ schema, logging: false, graphiql: false }));
