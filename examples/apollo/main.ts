/**
 * Shows the sessions of the project demo while one is created, renamed and deleted. The list is read once.
 *
 *   node examples/apollo/main.ts --url http://localhost:4000/graphql --token sandbox-admin-token
 */
import { parseArgs } from 'node:util';
import { filter, firstValueFrom } from 'rxjs';
import { createClient } from './client.ts';
import { createSession, deleteSession, readMore, updateSession, watchSessions } from './sessions.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:4000/graphql' },
    token: { type: 'string', default: 'sandbox-admin-token' },
    project: { type: 'string', default: 'demo' },
  },
});
const { project } = values;
const client = createClient({ uri: values.url, getToken: () => values.token });
const list = watchSessions(client, project, 2);
const shown = list.subscribe(({ data, dataState, error, loading }) => {
  if (error) throw error;
  if (loading || dataState !== 'complete') return;
  const { edges = [], totalCount } = data.project?.sessions ?? {};
  const names = edges.map(({ node }) => node.displayName ?? node.name);
  process.stdout.write(`${edges.length} of ${totalCount}: ${names.join(', ')}\n`);
});

await firstValueFrom(list.pipe(filter(({ loading }) => !loading)));
await readMore(list);
const { data } = await createSession(client, { project, name: 'an-example', start: false });
const name = data?.createSession.session.name ?? '';
await updateSession(client, { project, name, displayName: 'An example' });
await deleteSession(client, project, name);
shown.unsubscribe();
client.stop();
