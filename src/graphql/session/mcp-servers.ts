import type { AgenticSessionSpec } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { asObject, asTexts } from '../stored-value.ts';
import { AgenticSession } from './type.ts';

const McpServers = builder.objectRef<NonNullable<AgenticSessionSpec['mcpServers']>>('McpServers').implement({
  description: 'The MCP (Model Context Protocol) servers of a session.',
  fields: (t) => ({
    custom: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'The servers that the session adds, by name, in the form of its runner; null if it adds none.',
      resolve: ({ custom }) => asObject(custom),
    }),
    disabled: t.stringList({
      description: 'The names of the servers of the project or the runner that the session does not use.',
      resolve: ({ disabled }) => asTexts(disabled),
    }),
  }),
});

builder.objectField(AgenticSession, 'mcpServers', (t) =>
  t.field({
    type: McpServers,
    nullable: true,
    description: 'The MCP servers of the session; null means those of the project and the runner.',
    resolve: ({ spec }) => asObject(spec?.mcpServers),
  }),
);
