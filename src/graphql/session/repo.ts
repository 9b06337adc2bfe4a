import type { AgenticSessionSpec } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { asBoolean, asText } from '../stored-value.ts';

export const SessionRepo = builder
  .objectRef<NonNullable<AgenticSessionSpec['repos']>[number]>('SessionRepo')
  .implement({
    description: 'A git repository that a session works on.',
    fields: (t) => ({
      url: t.string({
        description: 'The URL that the runner clones from, as it is stored in the session.',
        resolve: ({ url }) => asText(url) ?? '',
      }),
      branch: t.string({
        nullable: true,
        description: 'The branch that the runner checks out; null means main.',
        resolve: ({ branch }) => asText(branch),
      }),
      autoPush: t.boolean({
        description: 'Whether the runner pushes its commits to the repository.',
        resolve: ({ autoPush }) => asBoolean(autoPush) ?? false,
      }),
    }),
  });

export const SessionRepoInput = builder.inputType('SessionRepoInput', {
  description: 'A git repository that the session works on.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description:
        'The URL to clone from: https or ssh, at most 2,048 characters, without a password, token, query or fragment. It can have a user, and escapes such as %20 in its path.',
    }),
    branch: t.string({
      description:
        'The branch to check out: a name that git accepts, of at most 253 characters. The default is main.',
    }),
    autoPush: t.boolean({
      description: 'Whether the runner pushes its commits to the repository. The default is false.',
    }),
  }),
});
