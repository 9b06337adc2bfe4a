import { readFileSync } from 'node:fs';
import type { Fragment } from './fragment.ts';

const STYLE = `
#writ-calls { position: fixed; right: 1rem; bottom: 1rem; z-index: 10; color-scheme: light dark; background: Canvas;
  color: CanvasText; border: 1px solid #8888; border-radius: 8px; font: 13px/1.5 system-ui, sans-serif; }
#writ-calls summary { padding: .3rem .8rem; cursor: pointer; }
#writ-calls div { width: min(46rem, 80vw); max-height: 60vh; overflow: auto; padding: 0 1rem .5rem; }
#writ-calls ol { margin: 0; padding-left: 2rem; list-style: decimal; }
#writ-calls li { margin: .5rem 0; }
#writ-calls li p { margin: 0; }
#writ-calls pre { margin: .2rem 0; padding: .4rem; white-space: pre-wrap; overflow-wrap: anywhere; background: #8882;
  font: 12px/1.4 monospace; }
#writ-calls button { float: right; font: inherit; }
`;

/** Lists the calls to the cluster that the operation has made, with the kubectl command of each. */
export function callsPanel(): Fragment {
  const html = `<style>${STYLE}</style>
<aside id="writ-calls" aria-label="Calls to the cluster" hidden>
<details>
<summary>Calls</summary>
<div>
<p>What Writ has asked the cluster for this operation, in order, with the kubectl command that does the same.</p>
<ol></ol>
</div>
</details>
</aside>`;
  return { html, script: readFileSync(new URL('calls-panel.js', import.meta.url), 'utf8') };
}
