import { exactTime } from '../components/relative-time.ts';
import { activity as text } from '../text/activity.ts';
import type { Receipt } from './activity-log.ts';

/** What the cluster has allowed before Writ wrote with its own identity, and how to find that in the audit log. */
export function ReceiptView({ receipt }: { receipt: Receipt }) {
  const { verb, group, resource, subresource, namespace, name } = receipt.reviewed;
  const object = [[resource, group].filter(Boolean).join('.'), subresource].filter(Boolean).join('/');
  const place = namespace ? ` in ${namespace}` : '';
  return (
    <dl className="receipt" aria-label={text.receipt}>
      <dt>{text.review}</dt>
      <dd>
        {`${verb} ${object}${name ? ` ${name}` : ''}${place}`} {text.at(exactTime(receipt.reviewedAt))}
      </dd>
      <dt>{text.requestId}</dt>
      <dd>
        <code>{receipt.requestId}</code>
      </dd>
      <dt>{text.auditIds}</dt>
      <dd>
        {receipt.auditIds.map((id) => (
          <code key={id}>{id.slice(receipt.requestId.length)} </code>
        ))}
      </dd>
      {receipt.unansweredAuditIds.length > 0 && (
        <>
          <dt>{text.unanswered}</dt>
          <dd>
            {receipt.unansweredAuditIds.map((id) => (
              <code key={id}>{id.slice(receipt.requestId.length)} </code>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}
