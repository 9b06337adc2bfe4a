import { Link } from 'wouter';
import { EmptyState } from '../components/empty-state.tsx';
import { Page } from '../components/page.tsx';
import { common } from '../text/common.ts';

interface NotFoundProps {
  /** What is said instead of that there is no such page. */
  texts?: typeof common.notFound;
}

export function NotFound({ texts = common.notFound }: NotFoundProps) {
  const { title, hint, link } = texts;
  return (
    <Page title={title}>
      <EmptyState hint={hint}>
        <Link href="/">{link}</Link>
      </EmptyState>
    </Page>
  );
}
