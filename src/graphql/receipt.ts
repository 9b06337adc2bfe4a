import type { Receipt } from '../authorization/receipt.ts';
import type { Writ } from '../authorization/writ.ts';
import { Internal, TranslatableError, toWritError, WritError } from '../errors.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';

const ReviewedAccess = builder.objectRef<ResourceAttributes>('ReviewedAccess').implement({
  description: 'What the cluster was asked for in an access review, in the terms of RBAC.',
  fields: (t) => ({
    verb: t.exposeString('verb', { description: 'The verb, such as create.' }),
    group: t.exposeString('group', { description: 'The API group; empty for the core group.' }),
    resource: t.exposeString('resource', {
      description: 'The resource in the plural, such as agenticsessions.',
    }),
    subresource: t.string({
      nullable: true,
      description: 'The subresource; null if the review was of the object itself.',
      resolve: ({ subresource }) => subresource,
    }),
    namespace: t.string({
      nullable: true,
      description: 'The namespace; null if the review was of the whole cluster.',
      resolve: ({ namespace }) => namespace,
    }),
    name: t.string({
      nullable: true,
      description: 'The name of the object; null if the review was of any.',
      resolve: ({ name }) => name,
    }),
  }),
});

export const MutationReceipt = builder.objectRef<Receipt>('MutationReceipt').implement({
  description:
    "What Writ has sent to the cluster for a mutation, so that it can be compared with the cluster's audit log (`writ verify`).",
  fields: (t) => ({
    requestId: t.exposeString('requestId', {
      description:
        "The id of the request, as in the header `x-request-id` and in Writ's log. Each Audit-ID of the request begins with it.",
    }),
    auditIds: t.exposeStringList('auditIds', {
      description:
        "The Audit-IDs of the review and of everything that Writ's own identity has sent for the mutation, in order of sending. The audit log of the cluster has an event for each. Reads and writes with the caller's own token are not among them.",
    }),
    unansweredAuditIds: t.exposeStringList('unansweredAuditIds', {
      description:
        'Those of `auditIds` to which no response has arrived: the cluster may have done what they ask for, or has never received them.',
    }),
    reviewed: t.expose('reviewed', {
      type: ReviewedAccess,
      description:
        "What the cluster has allowed the caller or, for a scheduled session's own call, its owner. If several reviews were needed, it is the last one.",
    }),
    reviewedAt: t.expose('reviewedAt', {
      type: 'DateTime',
      description: "When the review was requested, by Writ's clock.",
    }),
  }),
});

/** A context that notes the Writs that are issued with it. */
export function notingWrits(context: Context): { context: Context; receipt(): Receipt | null } {
  const writs: Writ[] = [];
  const noted = async (issued: Promise<Writ>) => {
    const writ = await issued;
    writs.push(writ);
    return writ;
  };
  const { schedules } = context;
  return {
    context: {
      ...context,
      authorize: (...asked) => noted(context.authorize(...asked)),
      schedules: { ...schedules, authorizeOwner: (...asked) => noted(schedules.authorizeOwner(...asked)) },
    },
    receipt: () => mergedReceipt(writs.map((writ) => writ.receipt)),
  };
}

/** A mutation that is tried again is reviewed again. */
function mergedReceipt(receipts: readonly Receipt[]): Receipt | null {
  const last = receipts.at(-1);
  if (!last) return null;
  const all = (ids: (receipt: Receipt) => string[]) =>
    receipts.flatMap(ids).toSorted((one, other) => sequenceNumber(one) - sequenceNumber(other));
  return {
    ...last,
    auditIds: all(({ auditIds }) => auditIds),
    unansweredAuditIds: all(({ unansweredAuditIds }) => unansweredAuditIds),
  };
}

function sequenceNumber(auditId: string): number {
  return Number(auditId.slice(auditId.lastIndexOf('.') + 1));
}

/** The error of a mutation that had been reviewed: with the receipt of what was sent until then. */
export function withReceipt(error: unknown, receipt: Receipt | null): unknown {
  if (!receipt) return error;
  if (error instanceof WritError || error instanceof TranslatableError)
    return toWritError(error).with({ receipt });
  const cause = error instanceof Error ? { cause: error } : {};
  // The log shows the defect, and clients do not.
  return new Internal('Internal error', { receipt }, cause);
}
