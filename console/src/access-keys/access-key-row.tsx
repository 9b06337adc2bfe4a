import { Button } from '../components/button.tsx';
import { RelativeTime } from '../components/relative-time.tsx';
import { useNow } from '../components/use-now.ts';
import type { AccessKeyRowFragment } from '../generated/graphql.ts';
import { access } from '../text/access.ts';
import { accessKeys as text } from '../text/access-keys.ts';

interface AccessKeyRowProps {
  accessKey: AccessKeyRowFragment;
  onDelete: ((key: AccessKeyRowFragment) => void) | undefined;
}

export function AccessKeyRow({ accessKey, onDelete }: AccessKeyRowProps) {
  const { name, description, role, createdAt, createdBy } = accessKey;
  return (
    <li>
      <div className="row-main">
        <strong>{name}</strong>
        {description && <p>{description}</p>}
        <p>
          {text.created} <RelativeTime time={createdAt} />
          {createdBy && ` ${text.by(createdBy.displayName ?? createdBy.userId)}`} ·{' '}
          <Expiry time={accessKey.expiresAt} />
        </p>
      </div>
      <div className="row-side">
        <span className="tag" data-tone={role === 'ADMIN' ? 'accent' : undefined}>
          {access.roles[role]}
        </span>
        {onDelete && (
          <Button variant="quiet" aria-label={text.deleteOf(name)} onPress={() => onDelete(accessKey)}>
            {text.delete}
          </Button>
        )}
      </div>
    </li>
  );
}

function Expiry({ time }: { time: string | null }) {
  const now = useNow();
  if (time === null) return text.expiresUnknown;
  const isOver = new Date(time).getTime() <= now;
  return (
    <>
      {isOver ? text.expired : text.expires} <RelativeTime time={time} />
    </>
  );
}
