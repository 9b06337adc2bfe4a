import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import { RUNNER_TYPE_VARIABLE } from '../../sessions/session-fields.ts';
import { phaseOf } from '../../sessions/status/session-phase.ts';
import { builder } from '../builder.ts';
import { Condition } from '../condition.ts';
import { KeyValue } from '../key-value.ts';
import { Node, nodeTypes } from '../relay/node.ts';
import { kubernetesNodeType } from '../relay/node-type.ts';
import { asBoolean, asDateTime, asInt, asKeyValues, asList, asText } from '../stored-value.ts';
import { LlmSettings } from './llm-settings.ts';
import { SessionPhase } from './phase.ts';
import { SessionRepo } from './repo.ts';
import { createdBy, SessionUser } from './user.ts';

/** The fields that a session itself answers; those that read more of the cluster are in relations.ts. */
export const AgenticSession = builder.objectRef<Shape>('AgenticSession').implement({
  description: 'A piece of work for an agent, which runs as a Job. A custom resource of a project.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.string({ description: 'Unique within its project.', resolve: ({ metadata }) => metadata.name }),
    projectName: t.string({
      description: 'Its namespace.',
      resolve: ({ metadata }) => metadata.namespace ?? '',
    }),
    uid: t.string({ description: 'Unique for all time.', resolve: ({ metadata }) => metadata.uid }),
    resourceVersion: t.string({
      description: 'Changes with each change; give it to updateSession to change only what you have seen.',
      resolve: ({ metadata }) => metadata.resourceVersion,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the cluster stored it.',
      resolve: ({ metadata }) => metadata.creationTimestamp,
    }),
    deletionTimestamp: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Set while it is being deleted.',
      resolve: ({ metadata }) => asDateTime(metadata.deletionTimestamp),
    }),
    labels: t.field({
      type: [KeyValue],
      description: 'For selecting.',
      resolve: ({ metadata }) => asKeyValues(metadata.labels),
    }),
    annotations: t.field({
      type: [KeyValue],
      description: 'Without the copy that kubectl apply keeps.',
      resolve: ({ metadata }) => asKeyValues(metadata.annotations).filter(({ key }) => key !== LAST_APPLIED),
    }),
    displayName: t.string({
      nullable: true,
      description: 'For people.',
      resolve: ({ spec }) => asText(spec?.displayName),
    }),
    initialPrompt: t.string({
      nullable: true,
      description: 'What the agent is asked to do.',
      resolve: ({ spec }) => asText(spec?.initialPrompt),
    }),
    runnerType: t.string({
      nullable: true,
      description: "Which runner works on it; null: the cluster's default.",
      resolve: ({ spec }) => asText(spec?.environmentVariables?.[RUNNER_TYPE_VARIABLE]),
    }),
    llmSettings: t.field({
      type: LlmSettings,
      nullable: true,
      description: "Null: the runner's defaults.",
      resolve: ({ spec }) => spec?.llmSettings,
    }),
    timeoutSeconds: t.int({
      nullable: true,
      description: 'How long a run may take.',
      resolve: ({ spec }) => asInt(spec?.timeout),
    }),
    inactivityTimeoutSeconds: t.int({
      nullable: true,
      description: 'How long a run may do nothing; 0: for ever.',
      resolve: ({ spec }) => asInt(spec?.inactivityTimeout),
    }),
    stopOnRunFinished: t.boolean({
      nullable: true,
      description: 'Whether the session stops when the agent has answered.',
      resolve: ({ spec }) => asBoolean(spec?.stopOnRunFinished),
    }),
    repos: t.field({
      type: [SessionRepo],
      description: 'What it works on.',
      resolve: ({ spec }) => asList(spec?.repos),
    }),
    environmentVariables: t.field({
      type: [KeyValue],
      description: "Of the runner's process.",
      resolve: ({ spec }) => asKeyValues(spec?.environmentVariables),
    }),
    createdBy: t.field({
      type: SessionUser,
      nullable: true,
      description: 'Null where the session does not say.',
      resolve: (session, _, { originPolicyInForce }) => createdBy(session, originPolicyInForce),
    }),
    phase: t.field({ type: SessionPhase, description: 'Where it is in its life.', resolve: phaseOf }),
    stoppedReason: t.string({
      nullable: true,
      description: 'Why it stopped: user or inactivity.',
      resolve: ({ status }) => asText(status?.stoppedReason),
    }),
    startTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the last run began.',
      resolve: ({ status }) => asDateTime(status?.startTime),
    }),
    completionTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the last run ended.',
      resolve: ({ status }) => asDateTime(status?.completionTime),
    }),
    lastActivityTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the runner last did something.',
      resolve: ({ status }) => asDateTime(status?.lastActivityTime),
    }),
    conditions: t.field({
      type: [Condition],
      description: 'RunCreated says whether the run could be made, and if not, why.',
      resolve: ({ status }) => asList(status?.conditions),
    }),
    raw: t.field({
      type: 'JSON',
      description:
        'The object as the cluster returned it, without managedFields and last-applied-configuration.',
      resolve: rawOf,
    }),
  }),
});

nodeTypes.register(
  kubernetesNodeType<Shape>('AgenticSession', AGENTIC_SESSIONS, ({ namespace, name }, { loaders }) =>
    loaders.sessions.load({ namespace, name }),
  ),
);

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function rawOf(session: Shape): unknown {
  const { managedFields: _, annotations, ...metadata } = session.metadata;
  const { [LAST_APPLIED]: __, ...kept } = annotations ?? {};
  return { ...session, metadata: { ...metadata, ...(annotations && { annotations: kept }) } };
}
