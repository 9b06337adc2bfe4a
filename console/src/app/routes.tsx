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
];

export function projectPath(project: string, path = ''): string {
  return `/projects/${encodeURIComponent(project)}${path}`;
}
