import SchemaBuilder from '@pothos/core';

export interface StoredSession {
  metadata: {
    uid: string;
    name: string;
    namespace: string;
    creationTimestamp: string;
    resourceVersion: string;
  };
  spec: {
    displayName?: string;
    initialPrompt?: string;
    timeout?: number;
    llmSettings?: { model?: string };
    repos?: { url: string }[];
  };
  status?: { phase?: string };
}

export interface ListArguments {
  first: number;
  search?: string | null | undefined;
  newestFirst: boolean;
}

/** Where the sessions are from. */
export interface Source<Context> {
  list(context: Context, project: string, list: ListArguments): Promise<StoredSession[]> | StoredSession[];
  get(context: Context, project: string, name: string): Promise<StoredSession> | StoredSession;
}

/** The part of Writ's schema that the benchmark's operations use. */
export function createSchema<Context extends object>(source: Source<Context>) {
  const builder = new SchemaBuilder<{ Context: Context; DefaultFieldNullability: false }>({
    defaultFieldNullability: false,
  });
  const Model = builder.objectRef<{ model?: string }>('LlmSettings').implement({
    fields: (t) => ({ model: t.exposeString('model', { nullable: true }) }),
  });
  const Repo = builder
    .objectRef<{ url: string }>('Repo')
    .implement({ fields: (t) => ({ url: t.exposeString('url') }) });
  const Session = builder.objectRef<StoredSession>('AgenticSession').implement({
    fields: (t) => ({
      id: t.id({ resolve: ({ metadata }) => metadata.uid }),
      name: t.string({ resolve: ({ metadata }) => metadata.name }),
      displayName: t.string({ nullable: true, resolve: ({ spec }) => spec.displayName }),
      phase: t.string({ resolve: ({ status }) => status?.phase?.toUpperCase() ?? 'PENDING' }),
      createdAt: t.string({ resolve: ({ metadata }) => metadata.creationTimestamp }),
      resourceVersion: t.string({ resolve: ({ metadata }) => metadata.resourceVersion }),
      initialPrompt: t.string({ nullable: true, resolve: ({ spec }) => spec.initialPrompt }),
      timeoutSeconds: t.int({ nullable: true, resolve: ({ spec }) => spec.timeout }),
      llmSettings: t.field({ type: Model, nullable: true, resolve: ({ spec }) => spec.llmSettings }),
      repos: t.field({ type: [Repo], resolve: ({ spec }) => spec.repos ?? [] }),
    }),
  });
  const Connection = builder
    .objectRef<StoredSession[]>('SessionConnection')
    .implement({ fields: (t) => ({ nodes: t.field({ type: [Session], resolve: (nodes) => nodes }) }) });
  const Direction = builder.enumType('OrderDirection', { values: ['ASC', 'DESC'] as const });
  const Field = builder.enumType('SessionOrderField', { values: ['CREATED_AT'] as const });
  const Order = builder.inputType('SessionOrder', {
    fields: (t) => ({
      field: t.field({ type: Field, required: true }),
      direction: t.field({ type: Direction, required: true }),
    }),
  });
  const Filter = builder.inputType('SessionFilter', { fields: (t) => ({ search: t.string() }) });
  const Project = builder.objectRef<{ name: string }>('Project').implement({
    fields: (t) => ({
      sessions: t.field({
        type: Connection,
        args: {
          first: t.arg.int({ required: true }),
          filter: t.arg({ type: Filter }),
          orderBy: t.arg({ type: Order }),
        },
        resolve: ({ name }, { first, filter, orderBy }, context) =>
          source.list(context as Context, name, {
            first,
            search: filter?.search,
            newestFirst: orderBy?.direction === 'DESC',
          }),
      }),
    }),
  });
  const Viewer = builder
    .objectRef<{ username: string }>('Viewer')
    .implement({ fields: (t) => ({ username: t.exposeString('username') }) });
  const name = { required: true } as const;
  builder.queryType({
    fields: (t) => ({
      viewer: t.field({ type: Viewer, resolve: () => ({ username: 'somebody' }) }),
      project: t.field({
        type: Project,
        args: { name: t.arg.string(name) },
        resolve: (_, args) => ({ name: args.name }),
      }),
      session: t.field({
        type: Session,
        args: { project: t.arg.string(name), name: t.arg.string(name) },
        resolve: (_, args, context) => source.get(context as Context, args.project, args.name),
      }),
    }),
  });
  return builder.toSchema();
}
