import { EVENTS, type KubernetesEvent as KubernetesEventShape } from '../kubernetes/resources.ts';
import { builder } from './builder.ts';
import { lastSeen } from './event-time.ts';
import { Node, nodeTypes } from './relay/node.ts';
import { kubernetesNodeType } from './relay/node-type.ts';
import { asDateTime, asInt, asText } from './stored-value.ts';

export const KubernetesEvent = builder.objectRef<KubernetesEventShape>('KubernetesEvent').implement({
  description:
    'Something that happened to a session, its job or its pods. Clusters keep events for about an hour.',
  interfaces: [Node],
  fields: (t) => ({
    type: t.string({ description: 'Normal or Warning.', resolve: ({ type }) => asText(type) ?? 'Normal' }),
    reason: t.string({
      nullable: true,
      description: 'In one CamelCase word.',
      resolve: ({ reason }) => asText(reason),
    }),
    message: t.string({
      nullable: true,
      description: 'For people.',
      resolve: ({ message }) => asText(message),
    }),
    count: t.int({
      description: 'How often it was seen.',
      resolve: ({ count, series }) => asInt(series?.count ?? count) ?? 1,
    }),
    firstTimestamp: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was first seen.',
      resolve: ({ firstTimestamp, eventTime }) => asDateTime(firstTimestamp ?? eventTime),
    }),
    lastTimestamp: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last seen.',
      resolve: (event) => asDateTime(lastSeen(event)),
    }),
    objectKind: t.string({
      description: 'What it happened to: AgenticSession, Job or Pod.',
      resolve: ({ involvedObject }) => asText(involvedObject.kind) ?? '',
    }),
    objectName: t.string({
      description: 'The name of what it happened to.',
      resolve: ({ involvedObject }) => asText(involvedObject.name) ?? '',
    }),
  }),
});

nodeTypes.register(
  kubernetesNodeType<KubernetesEventShape>('KubernetesEvent', EVENTS, ({ namespace, name }, { reader }) =>
    reader.find<KubernetesEventShape>(EVENTS, namespace, name),
  ),
);
