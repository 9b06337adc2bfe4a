import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { Spinner } from '../components/spinner.tsx';
import { SignedIn } from '../identity/signed-in.tsx';
import { NotFound } from './not-found.tsx';
import { PROJECT_ROUTES, ROUTES } from './routes.tsx';

/** The page of the address, once it is known whose it is. */
export function Pages() {
  return (
    <SignedIn>
      <Suspense fallback={<Spinner />}>
        <Switch>
          {ROUTES.map(({ path, Page }) => (
            <Route key={path} path={path}>
              {(params) => <Page params={params} />}
            </Route>
          ))}
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
      </Suspense>
    </SignedIn>
  );
}
