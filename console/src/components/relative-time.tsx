import { exactTime, relativeTime } from './relative-time.ts';
import { useNow } from './use-now.ts';

/** How long ago it was, or how long it will be, with the exact time on hover. It stays current. */
export function RelativeTime({ time }: { time: string }) {
  const now = useNow();
  return (
    <time dateTime={time} title={exactTime(time)}>
      {relativeTime(new Date(time).getTime(), now)}
    </time>
  );
}
