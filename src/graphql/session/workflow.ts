import type { AgenticSessionSpec, ReconciledWorkflow as ReconciledShape } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { asDateTime, asObject, asText } from '../stored-value.ts';
import { enumValueOf } from './stored-enum.ts';
import { AgenticSession } from './type.ts';

const SessionWorkflow = builder
  .objectRef<NonNullable<AgenticSessionSpec['activeWorkflow']>>('SessionWorkflow')
  .implement({
    description: 'The workflow that a session follows: instructions for the agent in a git repository.',
    fields: (t) => ({
      gitUrl: t.string({
        nullable: true,
        description: 'The URL of the repository, as it is stored in the session; null if it has none.',
        resolve: ({ gitUrl }) => asText(gitUrl),
      }),
      branch: t.string({
        nullable: true,
        description: 'The branch of the repository; null means main.',
        resolve: ({ branch }) => asText(branch),
      }),
      path: t.string({
        nullable: true,
        description: 'The directory of the workflow in the repository; null means its root.',
        resolve: ({ path }) => asText(path),
      }),
    }),
  });

const WorkflowStatus = builder.enumType('WorkflowStatus', {
  description: 'What has become of a workflow, as the runner reports it.',
  values: {
    CLONING: { description: 'The repository of the workflow is being cloned.' },
    ACTIVE: { description: 'The agent follows the workflow.' },
    FAILED: { description: 'The workflow could not be applied.' },
    UNKNOWN: { description: 'The status has a value that Writ does not know: see `AgenticSession.raw`.' },
  },
});

const ReconciledWorkflow = builder.objectRef<ReconciledShape>('ReconciledWorkflow').implement({
  description: 'The workflow as the runner of the session has applied it, according to the status.',
  fields: (t) => ({
    gitUrl: t.string({
      nullable: true,
      description: 'The URL of the repository; null if the runner has reported none.',
      resolve: ({ gitUrl }) => asText(gitUrl),
    }),
    branch: t.string({
      nullable: true,
      description: 'The branch of the repository; null if the runner has reported none.',
      resolve: ({ branch }) => asText(branch),
    }),
    path: t.string({
      nullable: true,
      description: 'The directory of the workflow in the repository; null if the runner has reported none.',
      resolve: ({ path }) => asText(path),
    }),
    status: t.field({
      type: WorkflowStatus,
      nullable: true,
      description: 'What has become of the workflow; null if the runner has reported nothing.',
      resolve: ({ status }) => enumValueOf(['CLONING', 'ACTIVE', 'FAILED'], status),
    }),
    appliedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the workflow was applied; null if the runner has reported no time.',
      resolve: ({ appliedAt }) => asDateTime(appliedAt),
    }),
  }),
});

builder.objectFields(AgenticSession, (t) => ({
  activeWorkflow: t.field({
    type: SessionWorkflow,
    nullable: true,
    description: 'The workflow that the session is to follow; null if it has none.',
    resolve: ({ spec }) => asObject(spec?.activeWorkflow),
  }),
  reconciledWorkflow: t.field({
    type: ReconciledWorkflow,
    nullable: true,
    description:
      'The workflow as the runner has applied it, according to the status; null if the runner has reported none.',
    resolve: ({ status }) => asObject(status?.reconciledWorkflow),
  }),
}));
