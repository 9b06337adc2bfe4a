import { CopyButton } from '../components/copy-button.tsx';
import { access as text } from '../text/access.ts';
import './manifest.css';

/** What somebody can apply who may grant the right. */
export function Manifest({ manifest }: { manifest: string }) {
  return (
    <div className="access-manifest">
      <pre>{manifest}</pre>
      <CopyButton text={manifest} label={text.copyManifest} />
    </div>
  );
}
