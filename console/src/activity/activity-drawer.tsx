import { lazy, Suspense, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Spinner } from '../components/spinner.tsx';
import { activity as text } from '../text/activity.ts';

const ActivityList = lazy(() => import('./activity-list.tsx'));

/** What Writ did for this page, on each page. */
export function ActivityDrawer() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="quiet" aria-haspopup="dialog" onPress={() => setOpen(true)}>
        {text.title}
      </Button>
      <Dialog title={text.title} isOpen={isOpen} onClose={() => setOpen(false)} isDrawer>
        <Suspense fallback={<Spinner />}>
          <ActivityList />
        </Suspense>
      </Dialog>
    </>
  );
}
