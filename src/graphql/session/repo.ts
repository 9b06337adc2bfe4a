import type { AgenticSessionSpec } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { asBoolean, asText } from '../stored-value.ts';

export const SessionRepo = builder
  .objectRef<NonNullable<AgenticSessionSpec['repos']>[number]>('SessionRepo')
  .implement({
    description: 'A git repository that the session works on.',
    fields: (t) => ({
      url: t.string({ description: 'https or ssh.', resolve: ({ url }) => asText(url) ?? '' }),
      branch: t.string({
        nullable: true,
        description: 'Null: main.',
        resolve: ({ branch }) => asText(branch),
      }),
      autoPush: t.boolean({
        description: 'Whether the runner pushes its commits.',
        resolve: ({ autoPush }) => asBoolean(autoPush) ?? false,
      }),
    }),
  });

export const SessionRepoInput = builder.inputType('SessionRepoInput', {
  description: 'A git repository to work on.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'https or ssh, without credentials.' }),
    branch: t.string({ description: 'Omitted: main.' }),
    autoPush: t.boolean({ description: 'Whether the runner pushes its commits. Omitted: no.' }),
  }),
});
