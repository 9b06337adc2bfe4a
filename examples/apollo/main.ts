/**
 * Shows the sessions of the project demo while one is created, renamed and deleted, and then with `--follow` for as long as
 * it runs. The list is read once.
 *
 *   node examples/apollo/main.ts --url http://localhost:4000/graphql --token sandbox-admin-token
 */
import { parseArgs } from 'node:util';
import { distinctUntilChanged, filter, firstValueFrom, map, Subject } from 'rxjs';
import { createClient } from './client.ts';
import { followSessions } from './live.ts';
import { createSession, deleteSession, readMore, updateSession, watchSessions } from './sessions.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:4000/graphql' },
    token: { type: 'string', default: 'sandbox-admin-token' },
    project: { type: 'string', default: 'demo' },
    persisted: { type: 'boolean', default: false },
    follow: { type: 'boolean', default: false },
  },
});
const { project, persisted } = values;
const client = createClient({ uri: values.url, getToken: () => values.token, persisted });
const list = watchSessions(client, project, 2);
const lines = list.pipe(
  filter(({ loading, dataState }) => !loading && dataState === 'complete'),
  map(({ data, error }) => {
    if (error) throw error;
    const { edges = [], totalCount } = data?.project?.sessions ?? {};
    const names = edges.map((edge) => edge?.node?.displayName ?? edge?.node?.name);
    return `${edges.length} of ${totalCount}: ${names.join(', ')}\n`;
  }),
  distinctUntilChanged(),
);
const shown = lines.subscribe((line) => process.stdout.write(line));
await firstValueFrom(list.pipe(filter(({ loading }) => !loading)));
const pageRead = new Subject<void>();
const following = followSessions(client, project, pageRead).subscribe();
await readMore(list);
pageRead.next();
const { data } = await createSession(client, { project, name: 'an-example', start: false });
const name = data?.createSession?.session.name ?? '';
await updateSession(client, { project, name, displayName: 'An example' });
await deleteSession(client, project, name);
if (!values.follow) {
  following.unsubscribe();
  shown.unsubscribe();
  client.stop();
}
