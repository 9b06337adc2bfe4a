import { type CreatedAccessKey, createAccessKey } from '../../members/keys/create-access-key.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { ProjectRole } from '../project/role.ts';
import { AccessKey } from './type.ts';

const Input = builder.inputType('CreateAccessKeyInput', {
  description: 'The access key that `createAccessKey` creates.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project.' }),
    name: t.string({
      required: true,
      description: 'The name of the key, a DNS label of at most 52 characters.',
    }),
    description: t.string({ description: 'What the key is for: at most 1,024 characters.' }),
    role: t.field({
      type: ProjectRole,
      required: true,
      description:
        'The role of the key, which the caller must have too. ADMIN is BAD_USER_INPUT unless the administrator of Writ allows it.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      required: true,
      description: 'When the token is to expire: at least 10 minutes and at most 365 days from now.',
    }),
  }),
});

const Payload = builder.objectRef<CreatedAccessKey>('CreateAccessKeyPayload').implement({
  description: 'The result of the mutation `createAccessKey`.',
  fields: (t) => ({
    accessKey: t.expose('accessKey', { type: AccessKey, description: 'The new access key.' }),
    token: t.exposeString('token', {
      description:
        'The bearer token, a secret. It is in this response only: Writ does not store it, and nobody can read it again.',
    }),
    shortened: t.exposeBoolean('shortened', {
      description:
        'Whether the cluster, which limits how long tokens are valid, has chosen an earlier expiry than was requested: see `AccessKey.expiresAt`.',
    }),
  }),
});

mutation('createAccessKey', {
  payload: Payload,
  description:
    'Creates an access key with the own rights of the caller: a service account, its token, and last the RoleBinding that gives it the role. If it fails, what it has created has no rights and is removed. It fails with NOT_FOUND if there is no such project, with FORBIDDEN if the caller lacks a right of the role, and with CONFLICT if there is such a key, or another object has its name.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The access key to create.' }),
  })),
  cost: 20,
  resolve: ({ input }, context) => createAccessKey(context, input),
});
