import { Route, Switch } from 'wouter';
import { ProjectsPage } from '../projects/projects-page.tsx';
import { NotFound } from './not-found.tsx';
import { PROJECT_ROUTES } from './routes.tsx';

/** The page of the address. */
export function Pages() {
  return (
    <Switch>
      <Route path="/">
        <ProjectsPage />
      </Route>
      {PROJECT_ROUTES.map(({ path, Page }) => (
        <Route key={path} path={`/projects/:project${path}`}>
          {(params: Record<string, string | undefined>) => (
            <Page key={params.project} project={params.project ?? ''} params={params} />
          )}
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
