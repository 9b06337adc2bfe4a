import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { at, type KubeObject, listAt } from '../objects.ts';
import { forbidden } from '../status.ts';
import type { Resource } from '../storage/resources.ts';
import type { UserInfo } from './user-info.ts';

const WRIT = 'system:serviceaccount:writ-system:writ-api';
const ANNOTATIONS = ['requested-by', 'request-id', 'input-digest', 'schedule-uid', 'scheduled-time'].map(
  (name) => `ambient-code.io/${name}`,
);

/** What the policy's validations compare, in their order: the sandbox does not evaluate CEL. */
const SET_BY_WRIT: ((session: KubeObject | undefined) => unknown)[] = [
  (session) => at(session, 'spec', 'userContext'),
  (session) => ANNOTATIONS.map((key) => session?.metadata.annotations?.[key]),
];

const policyFile = new URL('../../../deploy/policies/origin.yaml', import.meta.url);

/** Imitates the admission policy `writ-origin` of deploy/: only Writ's API sets who created a session. */
export class OriginPolicy {
  readonly #name: string;
  readonly #messages: string[];

  constructor() {
    const [policy] = parseAllDocuments(readFileSync(policyFile, 'utf8')).map((d) => d.toJS() as KubeObject);
    this.#name = policy?.metadata.name ?? '';
    this.#messages = listAt(policy, 'spec', 'validations').map(({ message }) => String(message));
  }

  /** Refuses what the user would set or change; `before` is undefined for a create. */
  check(resource: Resource, user: UserInfo, after: KubeObject, before: KubeObject | undefined): void {
    if (resource.kind !== 'AgenticSession' || user.username === WRIT) return;
    const broken = SET_BY_WRIT.findIndex((read) => !isDeepStrictEqual(read(after), read(before)));
    if (broken < 0) return;
    const by = `ValidatingAdmissionPolicy '${this.#name}' with binding '${this.#name}'`;
    const message = `${by} denied request: ${this.#messages[broken]}`;
    throw forbidden(resource, after.metadata.name, message, [{ message }]);
  }
}
