import { grantAccess } from '../../members/grant-access.ts';
import type { Member } from '../../model/member.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { ProjectRole } from '../project/role.ts';
import { ProjectMember, SubjectKind } from './type.ts';

const Input = builder.inputType('GrantAccessInput', {
  description: 'Who gets which role.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project.' }),
    subjectKind: t.field({ type: SubjectKind, required: true, description: 'What gets the role.' }),
    subjectName: t.string({
      required: true,
      description:
        'The name of the user or group in the cluster; of a service account NAME for one of the project, else NAMESPACE:NAME. Callers without a token cannot be named, and groups of everybody can get VIEW only.',
    }),
    role: t.field({
      type: ProjectRole,
      required: true,
      description: 'The role. Roles add up: those that the subject has stay.',
    }),
  }),
});

const Payload = builder.objectRef<{ member: Member }>('GrantAccessPayload').implement({
  description: 'The result of the mutation `grantAccess`.',
  fields: (t) => ({
    member: t.field({
      type: ProjectMember,
      description: 'The member that was made, or was there already.',
      resolve: ({ member }) => member,
    }),
  }),
});

mutation('grantAccess', {
  payload: Payload,
  description:
    'Gives a user, group or service account a role in a project, with a RoleBinding that is created with the own rights of the caller. The cluster requires that the caller has all rights of the role, or the right to bind it. It can be repeated. It fails with NOT_FOUND if there is no such project, and with CONFLICT if there is another RoleBinding with the name that Writ gives to this one.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'Who gets which role.' }),
  })),
  cost: 10,
  resolve: async ({ input }, context) => ({ member: await grantAccess(context, input) }),
});
