import { type CreateSessionInput, createSession } from '../../sessions/create-session.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { idempotencyKeyField } from './idempotency-key.ts';
import { asPayload, sessionPayload } from './payload.ts';
import { sessionTemplateFields } from './template-input.ts';

const Input = builder.inputType('CreateSessionInput', {
  description: 'The session that `createSession` creates. Null has the same effect as an absent field.',
  fields: (t) => ({
    project: t.string({
      required: true,
      description: 'The name of the project that will contain the session.',
    }),
    name: t.string({
      description:
        'The name of the session, a DNS label of at most 63 characters. The default is a generated name.',
    }),
    ...sessionTemplateFields(t),
    parentSession: t.string({
      description:
        'The name of a session of the same project that this session continues. It is BAD_USER_INPUT if that session does not exist, and FORBIDDEN if the caller may not get it.',
    }),
    start: t.boolean({
      defaultValue: true,
      description:
        'Whether to create a run too, which is the default. False leaves the session PENDING until `startSession`.',
    }),
    idempotencyKey: idempotencyKeyField(t),
  }),
});

mutation('createSession', {
  payload: sessionPayload(
    'createSession',
    'The new session, or the existing one if `idempotencyKey` was used before.',
  ),
  description:
    'Creates a session and, unless `start` is false, its first run. The caller needs permission to create agenticsessions in the project. It fails with NOT_FOUND if the project does not exist, and with CONFLICT if the name is taken. An error after the session was created names it in `extensions.session`: {id, project, name}.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The session to create.' }),
  })),
  cost: 50,
  resolve: ({ input }, context) => asPayload(createSession(context, input as CreateSessionInput)),
});
