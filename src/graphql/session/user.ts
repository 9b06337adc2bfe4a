import type { AgenticSession } from '../../model/session.ts';
import { creatorOf } from '../../sessions/creator-of.ts';
import { builder } from '../builder.ts';
import { asText, asTexts } from '../stored-value.ts';

interface SessionUserShape {
  userId: string;
  displayName: string | null;
  groups: string[];
  verified: boolean;
}

export const SessionUser = builder.objectRef<SessionUserShape>('SessionUser').implement({
  description:
    'The user who created an object, as the object itself records it. For display only: nothing is authorized by it.',
  fields: (t) => ({
    userId: t.exposeString('userId', {
      description: 'The username that the cluster reported when the session was created.',
    }),
    displayName: t.exposeString('displayName', {
      nullable: true,
      description: 'The name of the user for display; null if the session records none.',
    }),
    groups: t.exposeStringList('groups', {
      description:
        'The groups that the cluster reported when the session was created: the first 256 of those with a name of at most 1,024 characters.',
    }),
    verified: t.exposeBoolean('verified', {
      description:
        'Whether an admission policy of the cluster prevents every identity except Writ from setting or changing this record. If false, any user who may edit the session can have written it.',
    }),
  }),
});

export function createdBy(session: AgenticSession, verified: boolean): SessionUserShape | null {
  const userId = creatorOf(session);
  if (!userId) return null;
  const { displayName, groups } = session.spec?.userContext ?? {};
  return { userId, displayName: asText(displayName), groups: asTexts(groups), verified };
}
