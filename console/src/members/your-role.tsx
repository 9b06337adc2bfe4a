import type { MayManageMembersQuery, ProjectRole } from '../generated/graphql.ts';
import { access } from '../text/access.ts';
import { members as text } from '../text/members.ts';

type Review = NonNullable<MayManageMembersQuery['viewer']['maySeeSessions']>;

interface YourRoleProps {
  role: ProjectRole | null;
  /** What lets the caller see the sessions; null if that is not known. */
  because: Review['because'] | undefined;
}

export function YourRole({ role, because }: YourRoleProps) {
  if (role === null) return <p>{text.noRole}.</p>;
  return (
    <p>
      {text.yourRole(access.roles[role])}
      {because &&
        text.by(
          `${because.binding.kind} ${because.binding.name}`,
          `${because.role.kind} ${because.role.name}`,
          access.kinds[because.subjectKind],
          because.subjectName,
        )}
      .
    </p>
  );
}
