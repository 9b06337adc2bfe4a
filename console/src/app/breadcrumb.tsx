import type { ApolloClient } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { type ReactNode, useContext } from 'react';
import { Link, useLocation, useRoute } from 'wouter';
import { ScheduleNameDocument, SessionNameDocument } from '../generated/graphql.ts';
import { CallerContext } from '../identity/caller.ts';
import { common } from '../text/common.ts';
import { projectPath } from './paths.ts';

type Params = Record<'project' | 'name', string>;

/** Where the page is. */
export function Breadcrumb() {
  const [, params] = useRoute<{ project: string; '*'?: string }>('/projects/:project/*?');
  const [, session] = useRoute<Params>('/projects/:project/sessions/:name');
  const [, schedule] = useRoute<Params>('/projects/:project/schedules/:name');
  const client = useContext(CallerContext)?.client;
  const project = params?.project;
  return (
    <nav aria-label={common.breadcrumb} className="breadcrumb">
      <ol>
        <li className="brand">
          <Link href="/">{common.appName}</Link>
        </li>
        <Step href="/">{common.projects}</Step>
        {project && <Step href={projectPath(project)}>{project}</Step>}
        {(session ?? schedule) && (
          <li>
            <span aria-current="page">
              {session && client && <SessionName {...session} client={client} />}
              {schedule && client && <ScheduleName {...schedule} client={client} />}
            </span>
          </li>
        )}
      </ol>
    </nav>
  );
}

function Step({ href, children }: { href: string; children: ReactNode }) {
  const [path] = useLocation();
  return (
    <li>
      <Link href={href} aria-current={path === href ? 'page' : undefined}>
        {children}
      </Link>
    </li>
  );
}

interface NameProps extends Params {
  client: ApolloClient;
}

/** The display name as soon as the page has read it. */
function SessionName({ client, project, name }: NameProps) {
  const variables = { project, name };
  const { data } = useQuery(SessionNameDocument, { client, variables, fetchPolicy: 'cache-only' });
  return data?.session?.displayName ?? name;
}

function ScheduleName({ client, project, name }: NameProps) {
  const variables = { project, name };
  const { data } = useQuery(ScheduleNameDocument, { client, variables, fetchPolicy: 'cache-only' });
  return data?.scheduledSession?.displayName ?? name;
}
