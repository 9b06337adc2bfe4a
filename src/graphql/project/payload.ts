import type { Namespace } from '../../kubernetes/resources.ts';
import { builder } from '../builder.ts';
import { Project } from './type.ts';

/** The payload type of a mutation that returns a project. */
export function projectPayload(mutation: string, project: string) {
  const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Payload`;
  return builder.objectRef<{ project: Namespace }>(name).implement({
    description: `The result of the mutation \`${mutation}\`.`,
    fields: (t) => ({
      project: t.field({ type: Project, description: project, resolve: (payload) => payload.project }),
    }),
  });
}
