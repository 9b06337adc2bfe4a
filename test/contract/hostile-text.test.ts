import { expect, it } from 'vitest';
import {
  CRON_JOBS,
  JOB_SPEC,
  NAMESPACES,
  named,
  POD_SPEC,
  projectSettings,
  session,
} from '../support/objects.ts';
import { contractCluster, type Project } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();

const MARKUP = '<img src=x onerror="alert(1)">';

type Attempt = (project: Project) => [path: string, object: object];

/** Which is why no page has to show such a text there. */
const REFUSED: Record<string, Attempt> = {
  'the name of a project': () => [NAMESPACES, named(MARKUP)],
  'the name of a session': ({ sessions }) => [sessions, session(MARKUP)],
  'the key of a label': ({ sessions }) => [
    sessions,
    session('a', { metadata: { name: 'a', labels: { [MARKUP]: '' } } }),
  ],
  'the value of a label': ({ sessions }) => [
    sessions,
    session('a', { metadata: { name: 'a', labels: { a: MARKUP } } }),
  ],
  'the key of an annotation': ({ sessions }) => [
    sessions,
    session('a', { metadata: { name: 'a', annotations: { [MARKUP]: '' } } }),
  ],
  'a role in the settings': ({ settings }) => [
    settings,
    projectSettings({ groupAccess: [{ groupName: 'a', role: MARKUP }] }),
  ],
  'the name of an access key': ({ core }) => [core('serviceaccounts'), named(MARKUP)],
  'the name of a runner secret': ({ core }) => [
    core('secrets'),
    named('a', { stringData: { [MARKUP]: '' } }),
  ],
  'the name of a pod': ({ core }) => [core('pods'), named(MARKUP, { spec: POD_SPEC })],
  'the name of a schedule': ({ name }) => [
    CRON_JOBS(name),
    named(MARKUP, { spec: { schedule: '0 0 * * *', jobTemplate: { spec: JOB_SPEC } } }),
  ],
};

it.each(Object.entries(REFUSED))('markup is refused as %s', async (_, attempt) => {
  const [path, object] = attempt(project);
  expect((await cluster.admin.post(path, object)).status).toBe(422);
});

it.each([['phase'], ['startTime'], ['stoppedReason']])(
  'markup is refused as the %s of a session',
  async (field) => {
    await cluster.admin.create(project.sessions, session(`with-${field.toLowerCase()}`));
    const path = `${project.sessions}/with-${field.toLowerCase()}/status`;
    expect((await cluster.admin.patch(path, { status: { [field]: MARKUP } })).status).toBe(422);
  },
);
