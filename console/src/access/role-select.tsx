import { Select } from '../components/select.tsx';
import type { ProjectRole } from '../generated/graphql.ts';
import { access as text } from '../text/access.ts';

const ROLES: readonly ProjectRole[] = ['VIEW', 'EDIT', 'ADMIN'];

interface RoleSelectProps {
  label: string;
  value: ProjectRole;
  onChange(role: ProjectRole): void;
  error?: string | undefined;
  roles?: readonly ProjectRole[];
  isDisabled?: boolean;
}

export function RoleSelect({ roles = ROLES, ...props }: RoleSelectProps) {
  const options = roles.map((id) => ({ id, label: text.roles[id], description: text.roleHints[id] }));
  return <Select {...props} options={options} />;
}
