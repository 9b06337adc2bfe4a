import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useLocation, useRoute } from 'wouter';
import { ActivityDrawer } from '../activity/activity-drawer.tsx';
import { useIdentity } from '../identity/identity.ts';
import { PersonMenu } from '../identity/person-menu.tsx';
import { common } from '../text/common.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import './layout.css';
import { CONSOLE_URL } from './location.ts';
import { ProjectNavigation } from './project-navigation.tsx';
import { TroubleBanner } from './trouble-banner.tsx';

/** What all pages have around them. It needs no data. */
export function Layout({ children }: { children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const [path] = useLocation();
  const shown = useRef(path);
  const isOfHistory = useIsOfHistory();
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    // A screen reader, and the Tab key, go on in the new page.
    main.current?.focus({ preventScroll: true });
    // To a page of the history the browser scrolls as it was left.
    if (!isOfHistory.current) window.scrollTo(0, 0);
  }, [path, isOfHistory]);
  const [, params] = useRoute<{ project: string; '*'?: string }>('/projects/:project/*?');
  const project = params?.project;
  return (
    <>
      <a className="skip-link" href="#content">
        {common.skipToContent}
      </a>
      <header className="app-header">
        <Breadcrumb />
        <div className="app-actions">
          <PlaygroundLink />
          <ActivityDrawer />
          <PersonMenu />
        </div>
      </header>
      {project && <ProjectNavigation project={project} />}
      <main id="content" ref={main} tabIndex={-1}>
        {children}
      </main>
      <TroubleBanner />
    </>
  );
}

/** Whether the page was gone to by the browser's history. */
function useIsOfHistory(): RefObject<boolean> {
  const isOfHistory = useRef(false);
  useEffect(() => {
    const note = ({ type }: Event) => {
      isOfHistory.current = type === 'popstate';
    };
    // The router shows the page in listeners of the same events, which are after those that capture.
    const types = ['popstate', 'pushState', 'replaceState'];
    for (const type of types) window.addEventListener(type, note, true);
    return () => {
      for (const type of types) window.removeEventListener(type, note, true);
    };
  }, []);
  return isOfHistory;
}

function PlaygroundLink() {
  const { config } = useIdentity();
  if (!config?.playground) return null;
  return (
    <a className="playground-link" href={new URL(config.endpoint, CONSOLE_URL).pathname}>
      {common.playground}
    </a>
  );
}
