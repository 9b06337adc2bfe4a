import { Link, useLocation } from 'wouter';
import { common } from '../text/common.ts';
import { PROJECT_ROUTES, projectPath } from './routes.tsx';

export function ProjectNavigation({ project }: { project: string }) {
  const [current] = useLocation();
  const links = PROJECT_ROUTES.flatMap(({ path, title }) =>
    title === undefined ? [] : [{ title, path: projectPath(project, path) }],
  );
  if (links.length === 0) return null;
  return (
    <nav aria-label={common.projectNavigation} className="project-navigation">
      {links.map(({ title, path }) => (
        <Link key={path} href={path} aria-current={current === path ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
