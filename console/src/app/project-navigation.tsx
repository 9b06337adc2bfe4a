import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { common } from '../text/common.ts';
import { projectPath } from './paths.ts';
import { PROJECT_ROUTES } from './routes.tsx';

export function ProjectNavigation({ project }: { project: string }) {
  const [current] = useLocation();
  const links = PROJECT_ROUTES.flatMap(({ path, title }) =>
    title === undefined ? [] : [{ title, path: projectPath(project, path) }],
  );
  // A page that is not in the list is below one that is.
  const open = links
    .filter(({ path }) => current === path || current.startsWith(`${path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0]?.path;
  const navigation = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another is open
  useEffect(() => {
    // On a narrow screen it can be out of view.
    navigation.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  return (
    <nav ref={navigation} aria-label={common.projectNavigation} className="project-navigation">
      {links.map(({ title, path }) => (
        <Link
          key={path}
          href={path}
          aria-current={path === current ? 'page' : path === open ? 'true' : undefined}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
