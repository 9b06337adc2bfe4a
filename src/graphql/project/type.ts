import { NAMESPACES, type Namespace } from '../../kubernetes/resources.ts';
import { DESCRIPTION, DISPLAY_NAME } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS } from '../../model/session.ts';
import { builder, ONE_CALL } from '../builder.ts';
import { KeyValue } from '../key-value.ts';
import { Node, nodeTypes } from '../relay/node.ts';
import { kubernetesNodeType } from '../relay/node-type.ts';
import { assertReviewArguments } from '../review-arguments.ts';
import { asDateTime, asKeyValues, asText } from '../stored-value.ts';

const ProjectPhase = builder.enumType('ProjectPhase', {
  description: 'Whether a project is in use or being deleted.',
  values: {
    ACTIVE: { description: 'The project is in use.' },
    TERMINATING: {
      description: 'The project is being deleted with all that it contains; nothing can be created in it.',
    },
  },
});

export const Project = builder.objectRef<Namespace>('Project').implement({
  description:
    'A project: a namespace of the cluster with the label `ambient-code.io/managed=true`. It contains sessions and the objects of their runs.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.string({
      description: 'The name of the project, which is the name of its namespace.',
      resolve: ({ metadata }) => metadata.name,
    }),
    displayName: t.string({
      nullable: true,
      description:
        'The name for display, from the annotation `openshift.io/display-name`; null if it has none.',
      resolve: ({ metadata }) => asText(metadata.annotations?.[DISPLAY_NAME]),
    }),
    description: t.string({
      nullable: true,
      description:
        'What the project is for, from the annotation `openshift.io/description`; null if it has none.',
      resolve: ({ metadata }) => asText(metadata.annotations?.[DESCRIPTION]),
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the namespace was created.',
      resolve: ({ metadata }) => metadata.creationTimestamp,
    }),
    deletionTimestamp: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When deletion of the namespace was requested; null unless it is being deleted.',
      resolve: ({ metadata }) => asDateTime(metadata.deletionTimestamp),
    }),
    projectPhase: t.field({
      type: ProjectPhase,
      description: 'Whether the project is in use or being deleted.',
      resolve: ({ metadata, status }) =>
        metadata.deletionTimestamp || status?.phase === 'Terminating' ? 'TERMINATING' : 'ACTIVE',
    }),
    resourceVersion: t.string({
      description:
        'The version of the namespace, for `updateProject`. It changes with each change of the namespace.',
      resolve: ({ metadata }) => metadata.resourceVersion,
    }),
    labels: t.field({
      type: [KeyValue],
      description: 'The labels of the namespace.',
      resolve: ({ metadata }) => asKeyValues(metadata.labels),
    }),
    viewerCan: t.boolean({
      nullable: true,
      description:
        'Whether the caller may perform the verb on all objects of a resource in the project, or on the namespace itself if the resource is namespaces of the core group. The decision can be up to 10 seconds old. Arguments are restricted as in `Viewer.can`.',
      args: {
        verb: t.arg.string({ required: true, description: 'The RBAC verb, such as list, create or delete.' }),
        resource: t.arg.string({
          defaultValue: AGENTIC_SESSIONS.resource,
          description: 'The resource, plural and in lower case.',
        }),
        group: t.arg.string({
          defaultValue: AGENTIC_SESSIONS.group,
          description: 'The API group of the resource. The empty string is the core group.',
        }),
      },
      complexity: ONE_CALL,
      resolve: async ({ metadata }, { verb, resource, group }, { reviews }) => {
        const required = { verb, resource: resource ?? AGENTIC_SESSIONS.resource };
        assertReviewArguments(required, { group });
        const attributes = { ...required, group: group ?? AGENTIC_SESSIONS.group, namespace: metadata.name };
        // A review of a namespace must name it: without a name it would be about all namespaces.
        const isNamespace =
          attributes.resource === NAMESPACES.resource && attributes.group === NAMESPACES.group;
        return (await reviews.can({ ...attributes, ...(isNamespace && { name: metadata.name }) })).allowed;
      },
    }),
  }),
});

nodeTypes.register(
  kubernetesNodeType<Namespace>('Project', NAMESPACES, ({ name }, { loaders }) =>
    loaders.projects.load(name),
  ),
);
