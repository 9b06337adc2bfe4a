import { type ComponentType, lazy } from 'react';
import { common } from '../text/common.ts';

interface Route {
  path: string;
  Page: ComponentType<{ params: Record<string, string | undefined> }>;
}

/** A page of a project. With a title it is listed in the navigation of the project. */
interface ProjectRoute {
  /** Below `/projects/:project`. */
  path: string;
  title?: string;
  Page: ComponentType<ProjectPageProps>;
}

export interface ProjectPageProps {
  project: string;
  params: Record<string, string | undefined>;
}

/** Each page is loaded when it is opened. */
export const ROUTES: readonly Route[] = [
  { path: '/', Page: lazy(() => import('../projects/projects-page.tsx')) },
];

export const PROJECT_ROUTES: readonly ProjectRoute[] = [
  { path: '', title: common.sessions, Page: lazy(() => import('../sessions/sessions-page.tsx')) },
  { path: '/sessions/:session', Page: lazy(() => import('../session/session-page.tsx')) },
  {
    path: '/schedules',
    title: common.pages.schedules,
    Page: lazy(() => import('../schedules/schedules-page.tsx')),
  },
  { path: '/schedules/:name', Page: lazy(() => import('../schedules/schedule-page.tsx')) },
  {
    path: '/members',
    title: common.pages.members,
    Page: lazy(() => import('../members/members-page.tsx')),
  },
  {
    path: '/access-keys',
    title: common.pages.accessKeys,
    Page: lazy(() => import('../access-keys/access-keys-page.tsx')),
  },
  {
    path: '/settings',
    title: common.pages.settings,
    Page: lazy(() => import('../settings/settings-page.tsx')),
  },
];

export function projectPath(project: string, path = ''): string {
  return `/projects/${encodeURIComponent(project)}${path}`;
}

export function sessionPath(project: string, session: string): string {
  return projectPath(project, `/sessions/${encodeURIComponent(session)}`);
}
