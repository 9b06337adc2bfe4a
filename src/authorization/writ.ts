import { Timeout } from '../errors.ts';
import type { PatchOperation } from '../kubernetes/json-patch.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import {
  controllerUidOf,
  JOBS,
  type Job,
  type ObjectMeta,
  type ResourceType,
  SECRETS,
  SERVICE_ACCOUNTS,
  type Secret,
  type Stored,
} from '../kubernetes/resources.ts';
import { DESIRED_PHASE, START_REQUESTED_AT, STOP_REQUESTED_AT } from '../model/labels-and-annotations.ts';
import { type IssuedToken, secretWithToken, tokenRequest } from '../model/run-token.ts';
import {
  AGENTIC_SESSIONS,
  type AgenticSession,
  type AgenticSessionManifest,
  type AgenticSessionStatus,
} from '../model/session.ts';
import { audited } from '../telemetry/audit.ts';
import { type Act, GRANTS, type GrantName } from './grants.ts';
import {
  isRefusedTest,
  type ReviewedSession,
  refusedTest,
  reviewedSession,
  statusFields,
} from './reviewed-session.ts';
import type { Subject } from './reviews.ts';
import { assertRunObject } from './run-object.ts';
import type { WritTerms } from './writ-terms.ts';

type NamedObject = { metadata?: ObjectMeta };

/** Held by the one function that issues Writs (authorize.ts), and by nobody outside of this folder. */
export const ISSUER = Symbol('issuer of Writs');

/**
 * The proof that the cluster allowed this user this one thing, and the only way to the backend's acts. It belongs
 * to one request and one input, and covers the reviewed object and the children that it controls, in one namespace.
 */
export class Writ {
  readonly #terms: WritTerms;
  #started = false;
  #hasCreated = false;
  #session: ReviewedSession | undefined;
  readonly #created = new Map<string, string>();

  constructor(issuer: symbol, terms: WritTerms) {
    if (issuer !== ISSUER) throw new TypeError('only authorize() issues a Writ');
    this.#terms = terms;
    Object.freeze(this);
  }

  /** Whether it is a Writ that was issued, and not something that looks like one. */
  static isWrit(value: unknown): value is Writ {
    return typeof value === 'object' && value !== null && #terms in value;
  }

  get grant(): GrantName {
    return this.#terms.grant;
  }
  get subject(): Subject {
    return this.#terms.subject;
  }
  get reviewed(): ResourceAttributes {
    return this.#terms.reviewed;
  }
  get requestId(): string {
    return this.#terms.scope.requestId;
  }

  /** Creates the session, once. The acts that follow are on it and on nothing else. 409 where the name is taken. */
  async createSession(given: AgenticSessionManifest): Promise<AgenticSession> {
    const manifest = structuredClone(given);
    if (this.#hasCreated) throw new TypeError('a Writ creates one session');
    const { namespace } = this.#terms.target;
    if (manifest.metadata.namespace !== namespace) throw new TypeError('a session in another namespace');
    this.#hasCreated = true;
    const session = await this.#act('createSession', AGENTIC_SESSIONS, manifest.metadata.name, () =>
      this.#create<AgenticSession>(AGENTIC_SESSIONS, manifest),
    );
    this.#session = reviewedSession(session);
    return session;
  }

  /**
   * Says on the session that was reviewed what is wanted of it. It must still be the very object that the user read
   * (UID and resourceVersion), else 409. The acts that follow are on it and on nothing else.
   */
  async setDesiredPhase(
    given: AgenticSession,
    phase: 'Running' | 'Stopped',
    requestedAt: string,
  ): Promise<AgenticSession> {
    const { name, namespace, uid, resourceVersion } = given.metadata;
    const { target } = this.#terms;
    if (name !== target.name || namespace !== target.namespace)
      throw new TypeError('not the reviewed session');
    const at = phase === 'Running' ? START_REQUESTED_AT : STOP_REQUESTED_AT;
    const annotations = { [DESIRED_PHASE]: phase, [at]: requestedAt };
    const session = await this.#act('setDesiredPhase', AGENTIC_SESSIONS, name, () =>
      this.#terms.backend.mergePatch<AgenticSession>(
        this.#terms.scope,
        AGENTIC_SESSIONS,
        { namespace, name },
        { metadata: { uid, resourceVersion, annotations } },
      ),
    );
    this.#session = reviewedSession(session);
    return session;
  }

  /** Deletes a Job of the session, its pods first (Foreground), if it is still the Job that the user read. */
  async deleteJob({ metadata }: Job): Promise<void> {
    const { namespace, uid } = this.#reviewedSession();
    const { name } = metadata;
    const isOwn =
      metadata.namespace === namespace && name.includes(uid) && controllerUidOf({ metadata }) === uid;
    if (!isOwn) throw new TypeError(`not a Job of the session: ${name}`);
    const preconditions = { uid: metadata.uid };
    await this.#act('deleteJob', JOBS, name, () =>
      this.#terms.backend.delete(this.#terms.scope, JOBS, { namespace, name }, preconditions),
    );
  }

  /** Sets fields of the session's status, if it is still the same object (UID): CONFLICT where it is not. */
  async updateSessionStatus(status: AgenticSessionStatus): Promise<AgenticSession> {
    const { name, namespace, uid, withoutStatusAt } = this.#reviewedSession();
    const patch = (operations: PatchOperation[]) =>
      this.#act('updateSessionStatus', AGENTIC_SESSIONS, name, () =>
        this.#terms.backend.jsonPatch<AgenticSession>(
          this.#terms.scope,
          AGENTIC_SESSIONS,
          { namespace, name, subresource: 'status' },
          [{ op: 'test', path: '/metadata/uid', value: uid }, ...operations],
        ),
      );
    const fields = statusFields(status);
    const withStatus = { name, namespace, uid };
    if (withoutStatusAt !== undefined) {
      try {
        const session = await patch([
          { op: 'test', path: '/metadata/resourceVersion', value: withoutStatusAt },
          { op: 'add', path: '/status', value: status },
        ]);
        this.#session = withStatus;
        return session;
      } catch (error) {
        // The controller may have been quicker with a status of its own: then there is one to set fields of.
        if (!isRefusedTest(error)) throw error;
        this.#session = withStatus;
      }
    }
    return patch(fields).catch(refusedTest);
  }

  /** Creates one object of the session's run. It is refused here if it is not the session's child. */
  async createRunObject<T extends NamedObject>(type: ResourceType, given: T): Promise<Stored<T>> {
    const manifest = structuredClone(given);
    assertRunObject(type, manifest, this.#reviewedSession());
    const name = manifest.metadata?.name;
    const created = await this.#act('createRunObject', type, name, () =>
      this.#create<Stored<T>>(type, manifest),
    );
    this.#created.set(`${type.kind}/${created.metadata.name}`, created.metadata.uid);
    return created;
  }

  /** Mints a token of the run's service account that dies with the run's Secret. Both must be this Writ's own. */
  async mintRunToken(
    serviceAccount: string,
    secret: string,
    expirationSeconds: number,
  ): Promise<{ token: string; expirationTimestamp: string }> {
    const serviceAccountUid = this.#ownUid('ServiceAccount', serviceAccount);
    const boundTo = { name: secret, uid: this.#ownUid('Secret', secret) };
    const request = tokenRequest(serviceAccountUid, boundTo, expirationSeconds);
    const { namespace } = this.#terms.target;
    const answer = await this.#act('mintRunToken', SERVICE_ACCOUNTS, serviceAccount, () =>
      this.#terms.backend.create<{ status: IssuedToken }>(
        this.#terms.scope,
        SERVICE_ACCOUNTS,
        { namespace, name: serviceAccount, subresource: 'token' },
        request,
      ),
    );
    return answer.status;
  }

  /** Puts the minted token into the run's Secret, which must be this Writ's own. */
  async storeRunToken(secret: string, token: string, expirationTimestamp: string): Promise<void> {
    const uid = this.#ownUid('Secret', secret);
    const { namespace } = this.#terms.target;
    await this.#act('storeRunToken', SECRETS, secret, () =>
      this.#terms.backend.mergePatch<Secret>(
        this.#terms.scope,
        SECRETS,
        { namespace, name: secret },
        secretWithToken({ token, expirationTimestamp }, { uid }),
      ),
    );
  }

  #create<T>(type: ResourceType, manifest: unknown): Promise<T> {
    const { namespace } = this.#terms.target;
    return this.#terms.backend.create<T>(this.#terms.scope, type, { namespace }, manifest);
  }

  #reviewedSession(): ReviewedSession {
    if (!this.#session) throw new TypeError('no session was created under this Writ');
    return this.#session;
  }

  #ownUid(kind: string, name: string): string {
    const uid = this.#created.get(`${kind}/${name}`);
    if (!uid) throw new TypeError(`${kind} ${name} was not created under this Writ`);
    return uid;
  }

  async #act<T>(
    act: Act,
    type: ResourceType,
    name: string | undefined,
    perform: () => Promise<T>,
  ): Promise<T> {
    const { grant, subject, reviewed, scope, target, audit } = this.#terms;
    this.#assertInForce(act);
    const { namespace } = target;
    const write = { act, kind: type.kind, namespace, name, requestId: scope.requestId };
    return audited(write, (record) => audit({ ...record, grant, subject, reviewed }), perform);
  }

  #assertInForce(act: Act): void {
    const { grant, reviewedAt, scope, maxAgeMs } = this.#terms;
    if (!(GRANTS[grant].acts as readonly Act[]).includes(act)) {
      throw new TypeError(`the grant ${grant} has no act ${act}`);
    }
    if (scope.deadline.aborted) throw new Timeout('The request ended before the write began');
    if (!this.#started && performance.now() - reviewedAt > maxAgeMs) {
      throw new Timeout('The authorization is too old to begin a write with it: try again');
    }
    this.#started = true;
  }
}
