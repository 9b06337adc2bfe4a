import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { activity as text } from '../text/activity.ts';
import { ActivityList } from './activity-list.tsx';

/** What Writ did for this page, on each page. */
export function ActivityDrawer() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="quiet" aria-haspopup="dialog" onPress={() => setOpen(true)}>
        {text.title}
      </Button>
      <Dialog title={text.title} isOpen={isOpen} onClose={() => setOpen(false)} isDrawer>
        <ActivityList />
      </Dialog>
    </>
  );
}
