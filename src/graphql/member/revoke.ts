import { type RevokedAccess, revokeAccess } from '../../members/revoke-access.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { ProjectRole } from '../project/role.ts';
import { nodeTypes } from '../relay/node.ts';
import { ProjectMember, SubjectKind } from './type.ts';

const Input = builder.inputType('RevokeAccessInput', {
  description: 'Who loses which role. Null has the same effect as an absent field.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project.' }),
    subjectKind: t.field({ type: SubjectKind, required: true, description: 'What loses the role.' }),
    subjectName: t.string({
      required: true,
      description: 'The name of the user, group or service account, as in `GrantAccessInput`.',
    }),
    role: t.field({ type: ProjectRole, description: 'The role. If it is absent, all roles.' }),
    allowRemovingLastAdmin: t.boolean({
      description:
        'Whether the last admin of the project can be removed. The default is false. Service accounts do not count as admins.',
    }),
  }),
});

const Payload = builder.objectRef<RevokedAccess>('RevokeAccessPayload').implement({
  description: 'The result of the mutation `revokeAccess`.',
  fields: (t) => ({
    revokedIds: t.idList({
      description:
        'The global ids of the members that were removed, for removing them from a client cache. It is empty if there were none.',
      resolve: ({ revoked }) => revoked.map((member) => nodeTypes.idOf(member)),
    }),
    remaining: t.field({
      type: [ProjectMember],
      description:
        'The roles that the subject still has: those that were not to be removed, and those of RoleBindings that Writ has not made, or that have other subjects.',
      resolve: ({ remaining }) => remaining,
    }),
  }),
});

mutation('revokeAccess', {
  payload: Payload,
  description:
    'Takes roles from a user, group or service account that `grantAccess` or `createProject` has given, with the own rights of the caller. It changes no RoleBinding that Writ has not made, nor one with other subjects. It can be repeated. It fails with NOT_FOUND if there is no such project, and with CONFLICT if the project would have no admin, or a RoleBinding has changed at the same moment.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'Who loses which role.' }),
  })),
  cost: 20,
  resolve: ({ input }, context) => revokeAccess(context, input),
});
