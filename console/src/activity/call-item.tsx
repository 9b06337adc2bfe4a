import { CopyButton } from '../components/copy-button.tsx';
import { activity as text } from '../text/activity.ts';
import type { UpstreamCall } from './activity-log.ts';

/** One call to the cluster, with the kubectl command that does the same. */
export function CallItem({ call }: { call: UpstreamCall }) {
  const { identity, status, errorType, durationMs, command } = call;
  return (
    <li className="call">
      <div className="call-summary">
        <span>{describe(call)}</span>
        <span className="activity-facts">
          {[
            status ?? errorType ?? text.noResponse,
            durationMs !== null && text.duration(durationMs),
            identity === 'user' ? text.asYou : text.asWrit,
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
