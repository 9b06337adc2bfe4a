import { Link } from 'wouter';
import { EmptyState } from '../components/empty-state.tsx';
import { Page } from '../components/page.tsx';
import { common } from '../text/common.ts';

export function NotFound() {
  const { title, hint, link } = common.notFound;
  return (
    <Page title={title}>
      <EmptyState hint={hint}>
        <Link href="/">{link}</Link>
      </EmptyState>
    </Page>
  );
}
