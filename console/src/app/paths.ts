export function projectPath(project: string, path = ''): string {
  return `/projects/${encodeURIComponent(project)}${path}`;
}

export function sessionPath(project: string, session: string): string {
  return projectPath(project, `/sessions/${encodeURIComponent(session)}`);
}

/** What each page of a project is given. */
export interface ProjectPageProps {
  project: string;
  params: Record<string, string | undefined>;
}
