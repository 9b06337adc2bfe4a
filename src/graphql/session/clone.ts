import { type CloneSessionInput, cloneSession } from '../../sessions/clone-session.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { idempotencyKeyField } from './idempotency-key.ts';
import { asPayload, sessionPayload } from './payload.ts';

const Input = builder.inputType('CloneSessionInput', {
  description: 'The source and the target of `cloneSession`.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project that contains the source.' }),
    name: t.string({ required: true, description: 'The name of the session to clone.' }),
    targetProject: t.string({
      required: true,
      description: 'The name of the project of the new session; it can be the same project.',
    }),
    targetName: t.string({
      description:
        'The name of the new session, a DNS label of at most 63 characters. The default is a generated name.',
    }),
    displayName: t.string({
      description:
        'The name for display: a single line of at most 256 characters. The default is that of the source.',
    }),
    copyEnvironmentVariables: t.boolean({
      description:
        'Whether environment variables, MCP servers and the active workflow are copied. The default is true within a project and false into another project, whose secrets they could send elsewhere. What is not copied is not validated.',
    }),
    copyAutoPush: t.boolean({
      description:
        "Whether `autoPush` of repositories is copied. The default is true within a project and false into another project, whose credentials would push to the source's repositories. If it is false, the new session pushes to no repository by itself.",
    }),
    start: t.boolean({
      defaultValue: false,
      description:
        'Whether to create a run too. False leaves the new session PENDING until `startSession`. A run follows the prompt of the source and reads its repositories, with the secrets of the target project. If others can write the source, leave this false, and read the new session before you start it.',
    }),
    idempotencyKey: idempotencyKeyField(t),
  }),
});

mutation('cloneSession', {
  payload: sessionPayload(
    'cloneSession',
    'The new session, or the existing one if `idempotencyKey` was used before.',
  ),
  description:
    'Creates a session like an existing one, without its creator, owners, status and reserved labels and annotations. The caller needs permission to get the source and to create agenticsessions in the target project. It fails with NOT_FOUND if there is no such source, with CONFLICT if the target name is taken, and with BAD_USER_INPUT for a path in `source` if the source has a field to copy that `createSession` does not accept, an active workflow whose git URL, branch or path breaks the same rules, or an MCP server that is not a remote one with an https URL and nothing else.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The source and the target.' }),
  })),
  cost: 50,
  resolve: ({ input }, context) => asPayload(cloneSession(context, input as CloneSessionInput)),
});
