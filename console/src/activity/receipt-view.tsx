import { Facts } from '../components/facts.tsx';
import { exactTime } from '../components/relative-time.ts';
import { activity as text } from '../text/activity.ts';
import type { Receipt } from './activity-log.ts';

/** What the cluster has allowed before Writ wrote with its own identity, and how to find that in the audit log. */
export function ReceiptView({ receipt }: { receipt: Receipt }) {
  const { reviewed, reviewedAt, requestId, auditIds, unansweredAuditIds } = receipt;
  const { verb, group, resource, subresource, namespace, name } = reviewed;
  const object = [[resource, group].filter(Boolean).join('.'), subresource].filter(Boolean).join('/');
  const place = namespace ? ` in ${namespace}` : '';
  const what = `${verb} ${object}${name ? ` ${name}` : ''}${place}`;
  const codesOf = (ids: readonly string[]) =>
    ids.length > 0 && ids.map((id) => <code key={id}>{id.slice(requestId.length)} </code>);
  return (
    <div className="receipt">
      <Facts
        label={text.receipt}
        items={[
          [text.review, `${what} ${text.at(exactTime(reviewedAt))}`],
          [text.requestId, <code key="request">{requestId}</code>],
          [text.auditIds, codesOf(auditIds)],
          [text.unanswered, codesOf(unansweredAuditIds)],
        ]}
      />
    </div>
  );
}
