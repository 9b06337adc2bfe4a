import { NAMESPACES, type Namespace } from '../../kubernetes/resources.ts';
import { DESCRIPTION, DISPLAY_NAME } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS } from '../../model/session.ts';
import { assertReviewArguments } from '../access-review.ts';
import { builder } from '../builder.ts';
import { KeyValue } from '../key-value.ts';
import { Node, nodeTypes } from '../relay/node.ts';
import { kubernetesNodeType } from '../relay/node-type.ts';
import { asDateTime, asKeyValues, asText } from '../stored-value.ts';

export const Project = builder.objectRef<Namespace>('Project').implement({
  description: 'A namespace in which sessions live. Its sessions and what they run stay in it.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.string({ description: "The namespace's name.", resolve: ({ metadata }) => metadata.name }),
    displayName: t.string({
      nullable: true,
      description: 'For people.',
      resolve: ({ metadata }) => asText(metadata.annotations?.[DISPLAY_NAME]),
    }),
    description: t.string({
      nullable: true,
      description: 'For people.',
      resolve: ({ metadata }) => asText(metadata.annotations?.[DESCRIPTION]),
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
    viewerCan: t.boolean({
      nullable: true,
      description: 'Whether the caller may do this in the project.',
      args: {
        verb: t.arg.string({ required: true, description: 'An RBAC verb: list, create, delete.' }),
        resource: t.arg.string({
          defaultValue: AGENTIC_SESSIONS.resource,
          description: 'Plural, lower-case.',
        }),
        group: t.arg.string({
          defaultValue: AGENTIC_SESSIONS.group,
          description: 'API group; empty for core.',
        }),
      },
      complexity: { field: 5 },
      resolve: async ({ metadata }, { verb, resource, group }, { reviews }) => {
        const words = { verb, resource: resource ?? AGENTIC_SESSIONS.resource };
        assertReviewArguments(words, { group });
        const asked = { ...words, group: group ?? AGENTIC_SESSIONS.group, namespace: metadata.name };
        // Of all namespaces, the project is its own alone.
        const isNamespace = asked.resource === NAMESPACES.resource && asked.group === NAMESPACES.group;
        return (await reviews.can({ ...asked, ...(isNamespace && { name: metadata.name }) })).allowed;
      },
    }),
  }),
});

nodeTypes.register(
  kubernetesNodeType<Namespace>('Project', NAMESPACES, ({ name }, { loaders }) =>
    loaders.projects.load(name),
  ),
);
