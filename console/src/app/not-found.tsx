import { EmptyState } from '../components/empty-state.tsx';
import { Page } from '../components/page.tsx';
import { common } from '../text/common.ts';

interface NotFoundProps {
  /** What is said instead of that there is no such page. */
  texts?: typeof common.notFound;
}

export function NotFound({ texts = common.notFound }: NotFoundProps) {
  const { title, ...rest } = texts;
  return (
    <Page title={title}>
      <EmptyState {...rest} />
    </Page>
  );
}
