import { useState } from 'react';
import { I18nProvider, RouterProvider } from 'react-aria-components';
import { Router, useLocation } from 'wouter';
import { ActivityLogContext } from '../activity/activity-context.ts';
import { ActivityLog } from '../activity/activity-log.ts';
import { IdentityProvider } from '../identity/identity-provider.tsx';
import { SignedIn } from '../identity/signed-in.tsx';
import { SessionActionsProvider } from '../session-actions/session-actions-provider.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Layout } from './layout.tsx';
import { BASE } from './location.ts';
import { Pages } from './pages.tsx';

export function App() {
  const [log] = useState(() => new ActivityLog());
  return (
    <I18nProvider locale="en-US">
      <Router base={BASE}>
        <Links>
          <ActivityLogContext value={log}>
            <IdentityProvider>
              <Layout>
                <SignedIn>
                  <SessionActionsProvider>
                    <ErrorBoundary>
                      <Pages />
                    </ErrorBoundary>
                  </SessionActionsProvider>
                </SignedIn>
              </Layout>
            </IdentityProvider>
          </ActivityLogContext>
        </Links>
      </Router>
    </I18nProvider>
  );
}

/** Links of React Aria's components change the page without loading it again. */
function Links({ children }: { children: React.ReactNode }) {
  const [, navigate] = useLocation();
  return (
    <RouterProvider navigate={(path) => navigate(path)} useHref={(path) => BASE + path}>
      {children}
    </RouterProvider>
  );
}
