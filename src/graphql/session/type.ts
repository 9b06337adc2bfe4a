import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import { RUNNER_TYPE_VARIABLE } from '../../sessions/session-fields.ts';
import { builder } from '../builder.ts';
import { KeyValue } from '../key-value.ts';
import { Node, nodeTypes } from '../relay/node.ts';
import { kubernetesNodeType } from '../relay/node-type.ts';
import { asBoolean, asDateTime, asInt, asKeyValues, asList, asText } from '../stored-value.ts';
import { LlmSettings } from './llm-settings.ts';
import { SessionRepo } from './repo.ts';
import { createdBy, SessionUser } from './user.ts';

/**
 * The fields that are resolved from metadata and spec. Those of the status are in status.ts; those that make calls are in
 * relations.ts, permissions.ts and logs.ts.
 */
export const AgenticSession = builder.objectRef<Shape>('AgenticSession').implement({
  description:
    'A session of an AI agent in a project: a custom resource of the kind AgenticSession (vteam.ambient-code/v1alpha1). Each execution of a session is a run, which is a Kubernetes Job.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.string({
      description: 'The name of the session, unique within its project.',
      resolve: ({ metadata }) => metadata.name,
    }),
    projectName: t.string({
      description: 'The name of the project, which is the namespace of the session.',
      resolve: ({ metadata }) => metadata.namespace ?? '',
    }),
    uid: t.string({
      description:
        'The UID that Kubernetes gave to the session, which identifies it even if its name is used again.',
      resolve: ({ metadata }) => metadata.uid,
    }),
    resourceVersion: t.string({
      description:
        'The version of the stored object, an opaque string that changes with every write. Pass it to `updateSession` to get CONFLICT if the session has changed since it was read.',
      resolve: ({ metadata }) => metadata.resourceVersion,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the session was created.',
      resolve: ({ metadata }) => metadata.creationTimestamp,
    }),
    deletionTimestamp: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When deletion of the session was requested; null unless it is being deleted.',
      resolve: ({ metadata }) => asDateTime(metadata.deletionTimestamp),
    }),
    labels: t.field({
      type: [KeyValue],
      description: 'The labels of the session, which `labelSelector` of `Project.sessions` selects by.',
      resolve: ({ metadata }) => asKeyValues(metadata.labels),
    }),
    annotations: t.field({
      type: [KeyValue],
      description:
        'The annotations of the session, without `kubectl.kubernetes.io/last-applied-configuration`.',
      resolve: ({ metadata }) => asKeyValues(metadata.annotations).filter(({ key }) => key !== LAST_APPLIED),
    }),
    displayName: t.string({
      nullable: true,
      description: 'The name for display, which need not be unique; null if the session has none.',
      resolve: ({ spec }) => asText(spec?.displayName),
    }),
    initialPrompt: t.string({
      nullable: true,
      description: 'The first message to the agent, which describes its task; null if there is none.',
      resolve: ({ spec }) => asText(spec?.initialPrompt),
    }),
    runnerType: t.string({
      nullable: true,
      description:
        'The name of the runner type of the session; null means the default runner type of the cluster. See `Query.runnerTypes`.',
      resolve: ({ spec }) => asText(spec?.environmentVariables?.[RUNNER_TYPE_VARIABLE]),
    }),
    llmSettings: t.field({
      type: LlmSettings,
      nullable: true,
      description: 'The settings of the language model; null means the defaults of the runner type.',
      resolve: ({ spec }) => spec?.llmSettings,
    }),
    timeoutSeconds: t.int({
      nullable: true,
      description: 'The maximum duration of a run, in seconds; null means 300. A run that exceeds it fails.',
      resolve: ({ spec }) => asInt(spec?.timeout),
    }),
    inactivityTimeoutSeconds: t.int({
      nullable: true,
      description:
        'How long a run can be without activity before the session is stopped, in seconds. 0 means no limit; null means the setting of the project, or 86,400 if it has none.',
      resolve: ({ spec }) => asInt(spec?.inactivityTimeout),
    }),
    stopOnRunFinished: t.boolean({
      nullable: true,
      description:
        'Whether the session ends when the agent has finished its task, instead of waiting for another message; null means false.',
      resolve: ({ spec }) => asBoolean(spec?.stopOnRunFinished),
    }),
    repos: t.field({
      type: [SessionRepo],
      description: 'The git repositories that the session works on.',
      resolve: ({ spec }) => asList(spec?.repos),
    }),
    environmentVariables: t.field({
      type: [KeyValue],
      description:
        'The environment variables of the runner that the session defines. RUNNER_TYPE is the id of its runner type.',
      resolve: ({ spec }) => asKeyValues(spec?.environmentVariables),
    }),
    createdBy: t.field({
      type: SessionUser,
      nullable: true,
      description: 'The user who created the session; null if the session does not record it.',
      resolve: (session, _, { originPolicyInForce }) => createdBy(session, originPolicyInForce),
    }),
    raw: t.field({
      type: 'JSON',
      description:
        'The complete object as the cluster returned it, without `managedFields` and the annotation `last-applied-configuration`. Integers have up to 64 bits, as they are stored: `JSON.parse` rounds those beyond 2^53.',
      resolve: rawOf,
    }),
  }),
});

nodeTypes.register(kubernetesNodeType<Shape>('AgenticSession', AGENTIC_SESSIONS));

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function rawOf(session: Shape): unknown {
  const { managedFields: _, annotations, ...metadata } = session.metadata;
  const { [LAST_APPLIED]: __, ...kept } = annotations ?? {};
  return { ...session, metadata: { ...metadata, ...(annotations && { annotations: kept }) } };
}
