import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { exactTime } from '../components/relative-time.ts';
import { accessKeys } from '../text/access-keys.ts';
import './issued-token.css';

const text = accessKeys.issued;

export interface IssuedKey {
  name: string;
  token: string;
  /** If the cluster has chosen an earlier expiry than was asked for. */
  shortenedTo: string | null;
}

export function IssuedToken({ issued, onClose }: { issued: IssuedKey; onClose(): void }) {
  const { token, shortenedTo } = issued;
  return (
    <>
      <p>{text.hint}</p>
      {shortenedTo !== null && <p>{text.shortened(exactTime(shortenedTo))}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="issued-token" tabIndex={0} aria-label={text.token}>
        <code>{token}</code>
      </section>
      <div className="dialog-actions">
        <CopyButton text={token} label={text.copy} />
        <Button variant="primary" autoFocus onPress={onClose}>
          {text.done}
        </Button>
      </div>
    </>
  );
}
