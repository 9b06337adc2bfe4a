import { MissingRight } from '../kubernetes/missing-right.ts';
import { oneLine } from '../kubernetes/one-line.ts';
import { remedyFor } from '../kubernetes/rbac/remedy.ts';
import { describeAttributes, type ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import type { ProjectRolePrefix } from './project-role.ts';
import { projectRoleFor } from './role-rules.ts';

const MAX_LENGTH = 1_000;

/** What an administrator has to do so that a user may do this, in words. */
export function describeRemedy(attributes: ResourceAttributes, prefix: ProjectRolePrefix): string {
  const { role, escalationRisk } = remedyFor(attributes);
  const projectRole = projectRoleFor(attributes, prefix);
  const where = role.namespace === undefined ? 'for the whole cluster' : `in the namespace ${role.namespace}`;
  const sentences = [
    `To ${describeAttributes(attributes)} takes a ${role.kind} and a ${role.kind}Binding ${where}, which an administrator has to create.`,
    projectRole &&
      `In a project, the role ${projectRole.toUpperCase()} includes it: an admin of the project can give it with grantAccess.`,
    escalationRisk &&
      `The right can give more than it says (${escalationRisk}): an administrator has to decide whether to give it at all.`,
  ];
  return oneLine(sentences.filter(Boolean).join(' '), MAX_LENGTH);
}

/** The `remedy` of an error: none if the caller would not be helped by a right. It makes no call. */
export function explainDenial(error: Error, prefix: ProjectRolePrefix): { remedy?: object } {
  if (!(error instanceof MissingRight)) return {};
  const { attributes } = error;
  const description = describeRemedy(attributes, prefix);
  const projectRole = projectRoleFor(attributes, prefix)?.toUpperCase() ?? null;
  return { remedy: { description, ...remedyFor(attributes), projectRole } };
}
