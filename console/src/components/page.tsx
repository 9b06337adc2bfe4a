import { type ReactNode, useEffect } from 'react';
import { common } from '../text/common.ts';
import './page.css';

interface PageProps {
  title: string;
  hint?: string;
  /** Beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its title, which is the document's too. */
export function Page({ title, hint, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${common.appName}`;
  }, [title]);
  return (
    <div className="page">
      <div className="page-header">
        <h1>{title}</h1>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {hint !== undefined && <p className="page-hint">{hint}</p>}
      {children}
    </div>
  );
}
