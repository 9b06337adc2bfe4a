import { readFileSync } from 'node:fs';
import type { TokenOrigin } from '../request-token.ts';
import type { Fragment } from './fragment.ts';

const STYLE = `
#writ-token { max-width: 42rem; padding: 1.5rem 2rem; border: 1px solid #8888; border-radius: 8px; color-scheme: light dark;
  background: Canvas; color: CanvasText; font: 15px/1.5 system-ui, sans-serif; }
#writ-token::backdrop { background: #0008; }
#writ-token h1 { margin: 0 0 .5rem; font-size: 1.3rem; }
#writ-token ul { margin: .5rem 0; padding-left: 1.5rem; list-style: disc; }
#writ-token code { font-family: monospace; }
#writ-token input { width: 100%; box-sizing: border-box; margin: .25rem 0 .5rem; padding: .5rem; font: inherit;
  -webkit-text-security: disc; }
#writ-token [role=alert] { min-height: 1.5em; margin: 0; color: #c33; }
#writ-token button { margin-right: .5rem; padding: .4rem 1rem; font: inherit; }
`;

const WITHOUT_PROXY = `
<p>Writ reads and writes as you, so each request needs a bearer token that the Kubernetes cluster accepts. For example:</p>
<ul>
  <li>the ID token with which you log in to the cluster. A credential plugin, such as the one in your kubeconfig, prints it as
    <code>status.token</code></li>
  <li>on OpenShift, the output of <code>oc whoami --show-token</code></li>
  <li>that of a service account: <code>kubectl create token NAME --namespace NAMESPACE</code></li>
</ul>`;

const behindProxy = (tokenHeader: string) => `
<p>Writ reads and writes as you, so each request needs a token that the Kubernetes cluster accepts. A proxy in front of Writ logs
you in, and sends the token in the header <code>${tokenHeader}</code>. This page was requested without it: open the
playground at the proxy's address, or give a token yourself.</p>`;

/** Says where a token comes from, and asks for one before the playground sends anything. */
export function tokenDialog({ tokenHeader, authenticatingProxy }: TokenOrigin): Fragment {
  const scheme = tokenHeader === 'authorization' ? 'Bearer ' : '';
  // No password: a browser offers to store those.
  const html = `<style>${STYLE}</style>
<dialog id="writ-token" aria-labelledby="writ-token-title" data-header="${tokenHeader}" data-scheme="${scheme}">
<form>
<h1 id="writ-token-title">The playground needs a token</h1>
${authenticatingProxy ? behindProxy(tokenHeader) : WITHOUT_PROXY}
<p>It stays in the memory of this page, serves all its tabs but those with a header <code>${tokenHeader}</code> of their own, and
is forgotten when the page is closed or reloaded.</p>
<label for="writ-token-value">Token</label>
<input id="writ-token-value" type="text" autocomplete="off" spellcheck="false" autofocus />
<p role="alert"></p>
<button type="submit">Use this token</button>
<button type="button">Continue without a token</button>
</form>
</dialog>`;
  return { html, script: readFileSync(new URL('token-dialog.js', import.meta.url), 'utf8') };
}
