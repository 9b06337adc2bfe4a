import type { UpstreamCall } from '../../../src/kubernetes/call-trace.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { activity as text } from '../text/activity.ts';

/** One call to the cluster, with the kubectl command that does the same. */
export function CallItem({ call }: { call: UpstreamCall }) {
  const { identity, status, errorType, durationMs, command, resource } = call;
  const hasFailed = errorType !== null || (status !== null && status >= 400);
  return (
    <li className="call" data-identity={identity}>
      <div className="call-summary">
        <span className="call-identity">{identity === 'user' ? text.asYou : text.asWrit}</span>
        <strong>{describe(call)}</strong>
        <span className="activity-facts" data-failed={hasFailed || undefined}>
          {[
            status ?? errorType ?? text.noResponse,
            durationMs !== null && text.duration(Math.round(durationMs)),
            resource === 'selfsubjectaccessreviews' && text.isReview,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <CopyButton text={command} />
      </div>
      <pre>{command}</pre>
    </li>
  );
}

function describe({ verb, resource, subresource, namespace, name, path }: UpstreamCall): string {
  const object = resource === null ? path : [resource, subresource].filter(Boolean).join('/');
  const place = namespace === null || resource === 'namespaces' ? '' : ` in ${namespace}`;
  return `${verb} ${object}${name === null ? '' : ` ${name}`}${place}`;
}
