import type { ReconciledRepo as Shape } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { asDateTime, asList, asText, asTexts } from '../stored-value.ts';
import { enumValueOf } from './stored-enum.ts';
import { AgenticSession } from './type.ts';

const RepoStatus = builder.enumType('RepoStatus', {
  description: 'What has become of the clone of a repository, as the runner reports it.',
  values: {
    CLONING: { description: 'The repository is being cloned.' },
    READY: { description: 'The repository was cloned.' },
    FAILED: { description: 'The repository could not be cloned.' },
    UNKNOWN: { description: 'The status has a value that Writ does not know: see `AgenticSession.raw`.' },
  },
});

const ReconciledRepo = builder.objectRef<Shape>('ReconciledRepo').implement({
  description: 'A repository as the runner of the session has cloned it, according to the status.',
  fields: (t) => ({
    url: t.string({
      nullable: true,
      description: 'The URL that was cloned; null if the runner has reported none.',
      resolve: ({ url }) => asText(url),
    }),
    name: t.string({
      nullable: true,
      description: 'The directory of the clone in the workspace; null if the runner has reported none.',
      resolve: ({ name }) => asText(name),
    }),
    branch: t.string({
      nullable: true,
      description: 'The branch that was requested; null if the runner has reported none.',
      resolve: ({ branch }) => asText(branch),
    }),
    branches: t.stringList({
      description: 'The branches of the clone, as far as the runner has reported them.',
      resolve: ({ branches }) => asTexts(branches),
    }),
    currentActiveBranch: t.string({
      nullable: true,
      description: 'The branch that is checked out; null if the runner has reported none.',
      resolve: ({ currentActiveBranch }) => asText(currentActiveBranch),
    }),
    defaultBranch: t.string({
      nullable: true,
      description: 'The default branch of the origin; null if the runner has reported none.',
      resolve: ({ defaultBranch }) => asText(defaultBranch),
    }),
    status: t.field({
      type: RepoStatus,
      nullable: true,
      description: 'What has become of the clone; null if the runner has reported nothing.',
      resolve: ({ status }) => enumValueOf(['CLONING', 'READY', 'FAILED'], status),
    }),
    clonedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the repository was cloned; null if the runner has reported no time.',
      resolve: ({ clonedAt }) => asDateTime(clonedAt),
    }),
  }),
});

builder.objectField(AgenticSession, 'reconciledRepos', (t) =>
  t.field({
    type: [ReconciledRepo],
    description: 'The repositories as the runner has cloned them, according to the status.',
    resolve: ({ status }) => asList(status?.reconciledRepos),
  }),
);
