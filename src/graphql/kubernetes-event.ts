import { lastSeen } from '../kubernetes/event-time.ts';
import { EVENTS, type KubernetesEvent as KubernetesEventShape } from '../kubernetes/resources.ts';
import { builder } from './builder.ts';
import { Node, nodeTypes } from './relay/node.ts';
import { kubernetesNodeType } from './relay/node-type.ts';
import { asDateTime, asInt, asText } from './stored-value.ts';

export const KubernetesEvent = builder.objectRef<KubernetesEventShape>('KubernetesEvent').implement({
  description:
    'A Kubernetes event about a session, one of its Jobs or one of their pods. By default a cluster keeps events for one hour.',
  interfaces: [Node],
  fields: (t) => ({
    type: t.string({
      description: 'The type of the event: Normal or Warning.',
      resolve: ({ type }) => asText(type) ?? 'Normal',
    }),
    reason: t.string({
      nullable: true,
      description:
        'Why the event was created, as one CamelCase word such as FailedScheduling; null if it is not given.',
      resolve: ({ reason }) => asText(reason),
    }),
    message: t.string({
      nullable: true,
      description: 'A human-readable description of what happened; null if it is not given.',
      resolve: ({ message }) => asText(message),
    }),
    count: t.int({
      description: 'How many times the event has occurred.',
      resolve: ({ count, series }) => asInt(series?.count ?? count) ?? 1,
    }),
    firstTimestamp: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the event first occurred; null if it is not known.',
      resolve: ({ firstTimestamp, eventTime }) => asDateTime(firstTimestamp ?? eventTime),
    }),
    lastTimestamp: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the event last occurred; null if it is not known.',
      resolve: (event) => asDateTime(lastSeen(event)),
    }),
    objectKind: t.string({
      description: 'The kind of the object that the event is about: AgenticSession, Job or Pod.',
      resolve: ({ involvedObject }) => asText(involvedObject.kind) ?? '',
    }),
    objectName: t.string({
      description: 'The name of the object that the event is about.',
      resolve: ({ involvedObject }) => asText(involvedObject.name) ?? '',
    }),
  }),
});

nodeTypes.register(kubernetesNodeType<KubernetesEventShape>('KubernetesEvent', EVENTS));
