import { memo } from 'react';
import { activity as text } from '../text/activity.ts';
import { errors as errorTexts } from '../text/errors.ts';
import type { Activity } from './activity-log.ts';
import { CallGroups } from './call-groups.tsx';
import { ReceiptView } from './receipt-view.tsx';

export const ActivityItem = memo(function ActivityItem({ activity }: { activity: Activity }) {
  const { name, kind, username, durationMs, results, errors, calls, omittedCalls, receipts } = activity;
  const count = calls.reduce((sum, group) => sum + group.calls.length, omittedCalls);
  return (
    <details className="activity" data-failed={errors.length > 0 || undefined}>
      <summary>
        <span className="activity-kind" data-kind={kind}>
          {kind}
        </span>
        <strong>{name}</strong>
        <span className="activity-facts">
          {[
            username && text.asUser(username),
            durationMs === undefined ? text.inProgress : text.duration(durationMs),
            kind === 'subscription' && text.results(results),
            count > 0 && text.calls(count),
            ...errors.slice(-3).map(({ code }) => code),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </summary>
      {errors.map(({ code, message }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are only ever appended
        <p key={index} className="activity-error">
          {errorTexts.titles[code] ?? code}: {message}
        </p>
      ))}
      {receipts.map((receipt) => (
        <ReceiptView key={receipt.requestId + receipt.reviewedAt} receipt={receipt} />
      ))}
      {omittedCalls > 0 && <p className="activity-facts">{text.omitted(omittedCalls)}</p>}
      <CallGroups groups={calls} isOfEvents={kind === 'subscription'} />
    </details>
  );
});
