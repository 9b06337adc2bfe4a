import { REQUESTED_BY } from '../../model/labels-and-annotations.ts';
import type { AgenticSession } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { asText, asTexts } from '../stored-value.ts';

interface SessionUserShape {
  userId: string;
  displayName: string | null;
  groups: string[];
  verified: boolean;
}

export const SessionUser = builder.objectRef<SessionUserShape>('SessionUser').implement({
  description: 'Who a session says made it. For display: nothing is authorized by it.',
  fields: (t) => ({
    userId: t.exposeString('userId', { description: 'The username, as the cluster knew it then.' }),
    displayName: t.exposeString('displayName', { nullable: true, description: 'For people.' }),
    groups: t.exposeStringList('groups', { description: 'The groups, as the cluster knew them then.' }),
    verified: t.exposeBoolean('verified', {
      description: 'Whether the cluster refuses to have this set or changed by anybody but Writ.',
    }),
  }),
});

export function createdBy({ spec, metadata }: AgenticSession, verified: boolean): SessionUserShape | null {
  const userId = asText(spec?.userContext?.userId) ?? asText(metadata.annotations?.[REQUESTED_BY]);
  if (!userId) return null;
  const { displayName, groups } = spec?.userContext ?? {};
  return { userId, displayName: asText(displayName), groups: asTexts(groups), verified };
}
