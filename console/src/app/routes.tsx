import type { ComponentType } from 'react';
import { AccessKeysPage } from '../access-keys/access-keys-page.tsx';
import { MembersPage } from '../members/members-page.tsx';
import { SchedulePage } from '../schedules/schedule-page.tsx';
import { SchedulesPage } from '../schedules/schedules-page.tsx';
import { SessionPage } from '../session/session-page.tsx';
import { SessionsPage } from '../sessions/sessions-page.tsx';
import { SettingsPage } from '../settings/settings-page.tsx';
import { common } from '../text/common.ts';
import type { ProjectPageProps } from './paths.ts';

/** A page of a project. With a title it is listed in the navigation of the project. */
interface ProjectRoute {
  /** Below `/projects/:project`. */
  path: string;
  title?: string;
  Page: ComponentType<ProjectPageProps>;
}

export const PROJECT_ROUTES: readonly ProjectRoute[] = [
  { path: '', title: common.sessions, Page: SessionsPage },
  { path: '/sessions/:session', Page: SessionPage },
  { path: '/schedules', title: common.pages.schedules, Page: SchedulesPage },
  { path: '/schedules/:name', Page: SchedulePage },
  { path: '/members', title: common.pages.members, Page: MembersPage },
  { path: '/access-keys', title: common.pages.accessKeys, Page: AccessKeysPage },
  { path: '/settings', title: common.pages.settings, Page: SettingsPage },
];
