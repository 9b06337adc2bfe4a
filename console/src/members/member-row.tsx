import { Button } from '../components/button.tsx';
import '../components/rows.css';
import type { MemberRowFragment } from '../generated/graphql.ts';
import { access } from '../text/access.ts';
import { members as text } from '../text/members.ts';

interface MemberRowProps {
  member: MemberRowFragment;
  mayManage: boolean;
  onChange(member: MemberRowFragment): void;
  onRevoke(member: MemberRowFragment): void;
}

export function MemberRow({ member, mayManage, onChange, onRevoke }: MemberRowProps) {
  const { subjectName, subjectKind, role, origin, bindingName } = member;
  return (
    <li>
      <div className="row-main">
        <strong>{subjectName}</strong>
        <p>
          {access.kinds[subjectKind]} · {access.origins[origin]} · {text.binding(bindingName)}
        </p>
      </div>
      <div className="row-side">
        <span className="tag" data-tone={role === 'ADMIN' ? 'accent' : undefined}>
          {access.roles[role]}
        </span>
        {mayManage && origin === 'WRIT' && (
          <>
            <Button variant="quiet" aria-label={text.changeOf(subjectName)} onPress={() => onChange(member)}>
              {text.change}
            </Button>
            <Button variant="quiet" aria-label={text.revokeOf(subjectName)} onPress={() => onRevoke(member)}>
              {text.revoke}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}
