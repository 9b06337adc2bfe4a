import { annotationPath, mergeOperations, type PatchOperation } from '../kubernetes/json-patch.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
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
import { type ActiveSession, SCHEDULE_UID } from '../model/schedule.ts';
import {
  AGENTIC_SESSIONS,
  type AgenticSession,
  type AgenticSessionManifest,
  type AgenticSessionStatus,
} from '../model/session.ts';
import { samePhase, sameSession } from '../model/session-preconditions.ts';
import type { ActPerformer } from './act-performer.ts';
import type { BackendCluster, WriteContext } from './backend-cluster.ts';
import {
  conflictIfPreconditionFailed,
  type ReviewedSession,
  reviewedSession,
  statusFields,
} from './reviewed-session.ts';
import { assertRunObject } from './run-object.ts';

type NamedObject = { metadata?: ObjectMeta };

/** The acts of a Writ on one session and its children. */
export class SessionActs {
  readonly #performer: ActPerformer;
  #hasCreated = false;
  #session: ReviewedSession | undefined;
  /** As the cluster last returned it. */
  #stored: AgenticSession | undefined;
  readonly #created = new Map<string, string>();

  constructor(performer: ActPerformer) {
    this.#performer = performer;
    Object.freeze(this);
  }

  /** Creates the session, once. All further acts are on that session. 409 (AlreadyExists) if the name is in use. */
  async create(given: AgenticSessionManifest): Promise<AgenticSession> {
    const manifest = structuredClone(given);
    if (this.#hasCreated) throw new TypeError('a Writ creates one session');
    const { namespace } = this.#performer.target;
    if (manifest.metadata.namespace !== namespace) throw new TypeError('a session in another namespace');
    this.#hasCreated = true;
    const session = await this.#performer.perform(
      'createSession',
      { type: AGENTIC_SESSIONS, name: manifest.metadata.name },
      (backend, context) => this.#create<AgenticSession>(backend, context, AGENTIC_SESSIONS, manifest),
    );
    this.#stored = session;
    this.#session = reviewedSession(session);
    return session;
  }

  /**
   * Sets the desired phase of the reviewed session. All further acts are on that session. The preconditions are what the user
   * read and decided by: the session (UID), that no start or stop was requested since, and the phase in its status if
   * `byPhase`. KubernetesError (422, `mayBePreconditionFailed`) if one fails; then it may be tried again with the session as
   * it is by then.
   */
  async setDesiredPhase(
    read: AgenticSession,
    phase: 'Running' | 'Stopped',
    requestedAt: string,
    byPhase: boolean,
  ): Promise<AgenticSession> {
    const { name, namespace, annotations } = read.metadata;
    const { target } = this.#performer;
    if (name !== target.name || namespace !== target.namespace)
      throw new TypeError('not the reviewed session');
    const at = phase === 'Running' ? START_REQUESTED_AT : STOP_REQUESTED_AT;
    const operations: PatchOperation[] = [
      ...sameSession(read),
      ...(byPhase ? samePhase(read) : []),
      ...mergeOperations('/metadata/annotations', annotations, { [DESIRED_PHASE]: phase, [at]: requestedAt }),
    ];
    const session = await this.#performer.perform(
      'setDesiredPhase',
      { type: AGENTIC_SESSIONS, name },
      (backend, context) =>
        backend.jsonPatch<AgenticSession>(context, AGENTIC_SESSIONS, { namespace, name }, operations),
    );
    this.#stored = session;
    this.#session = reviewedSession(session);
    return session;
  }

  /**
   * Requests the stop of a session that a schedule has created. Nobody has read it: it is known from the schedule's note of its
   * active sessions. KubernetesError (404, or 422 `mayBePreconditionFailed`) unless it is the same object (UID), that schedule
   * has created it, and its run is wanted.
   */
  async stopScheduled({ name, uid }: ActiveSession, scheduleUid: string, requestedAt: string): Promise<void> {
    const { namespace, name: reviewed } = this.#performer.target;
    if (name !== reviewed) throw new TypeError('not the reviewed session');
    const operations: PatchOperation[] = [
      { op: 'test', path: '/metadata/uid', value: uid },
      // The policy writ-origin lets Writ alone set it, and only on a new session.
      { op: 'test', path: annotationPath(SCHEDULE_UID), value: scheduleUid },
      { op: 'test', path: annotationPath(DESIRED_PHASE), value: 'Running' },
      { op: 'add', path: annotationPath(DESIRED_PHASE), value: 'Stopped' },
      { op: 'add', path: annotationPath(STOP_REQUESTED_AT), value: requestedAt },
    ];
    await this.#performer.perform('stopScheduled', { type: AGENTIC_SESSIONS, name }, (backend, context) =>
      backend.jsonPatch<AgenticSession>(context, AGENTIC_SESSIONS, { namespace, name }, operations),
    );
  }

  /** Deletes a Job of the session, after its pods. CONFLICT unless it is still the Job that the user read (UID). */
  async deleteJob({ metadata }: Job): Promise<void> {
    const { namespace, uid } = this.#reviewedSession();
    const { name } = metadata;
    const isChild =
      metadata.namespace === namespace && name.includes(uid) && controllerUidOf({ metadata }) === uid;
    if (!isChild) throw new TypeError(`not a Job of the session: ${name}`);
    const preconditions = { uid: metadata.uid };
    await this.#performer.perform('deleteJob', { type: JOBS, name }, (backend, context) =>
      backend.delete(context, JOBS, { namespace, name }, preconditions),
    );
  }

  /**
   * Sets fields of the session's status. CONFLICT unless it is still the same object (UID). The policy writ-patches denies a
   * patch that changes nothing: then the controller, or an earlier request, has set the same. Should another policy have
   * denied it, the controller sets the status.
   */
  async updateStatus(status: AgenticSessionStatus): Promise<AgenticSession> {
    const { hasStatus, ...session } = this.#reviewedSession();
    const { name, namespace, uid } = session;
    const patch = (operations: PatchOperation[]) =>
      this.#performer.perform('updateSessionStatus', { type: AGENTIC_SESSIONS, name }, (backend, context) =>
        backend.jsonPatch<AgenticSession>(
          context,
          AGENTIC_SESSIONS,
          { namespace, name, subresource: 'status' },
          [{ op: 'test', path: '/metadata/uid', value: uid }, ...operations],
        ),
      );
    const fields = statusFields(status);
    const withStatus = { ...session, hasStatus: true };
    if (!hasStatus) {
      try {
        const stored = await patch([
          { op: 'test', path: '/status', value: null },
          { op: 'add', path: '/status', value: status },
        ]);
        this.#session = withStatus;
        return stored;
      } catch (error) {
        // The controller may have written a status in the meantime: then there is one whose fields can be set.
        if (!(error instanceof KubernetesError && error.mayBePreconditionFailed)) throw error;
        this.#session = withStatus;
      }
    }
    return patch(fields).catch((error: unknown) => {
      const stored = this.#stored;
      const isSet = error instanceof KubernetesError && error.isDeniedByPolicy && stored !== undefined;
      if (isSet) return { ...stored, status: { ...stored.status, ...status } };
      return conflictIfPreconditionFailed(error);
    });
  }

  /** Creates an object of the session's run. TypeError if it is not one. */
  async createRunObject<T extends NamedObject>(type: ResourceType, given: T): Promise<Stored<T>> {
    const manifest = structuredClone(given);
    const name = manifest.metadata?.name;
    assertRunObject(type, manifest, this.#reviewedSession(), this.#created.get(`${SECRETS.kind}/${name}`));
    const created = await this.#performer.perform(
      'createRunObject',
      { type: type, name },
      (backend, context) => this.#create<Stored<T>>(backend, context, type, manifest),
    );
    this.#created.set(`${type.kind}/${created.metadata.name}`, created.metadata.uid);
    return created;
  }

  /** Requests a token of the run's service account, bound to the run's Secret. This Writ must have created both. */
  async mintRunToken(
    serviceAccount: string,
    secret: string,
    expirationSeconds: number,
  ): Promise<{ token: string; expirationTimestamp: string }> {
    const serviceAccountUid = this.#createdUid('ServiceAccount', serviceAccount);
    const boundTo = { name: secret, uid: this.#createdUid('Secret', secret) };
    const request = tokenRequest(serviceAccountUid, boundTo, expirationSeconds);
    const { namespace } = this.#performer.target;
    const response = await this.#performer.perform(
      'mintRunToken',
      { type: SERVICE_ACCOUNTS, name: serviceAccount },
      (backend, context) =>
        backend.create<{ status: IssuedToken }>(
          context,
          SERVICE_ACCOUNTS,
          { namespace, name: serviceAccount, subresource: 'token' },
          request,
        ),
    );
    return response.status;
  }

  /** Stores the token in the run's Secret, which this Writ must have created. */
  async storeRunToken(secret: string, token: string): Promise<void> {
    const uid = this.#createdUid('Secret', secret);
    const { namespace } = this.#performer.target;
    await this.#performer.perform('storeRunToken', { type: SECRETS, name: secret }, (backend, context) =>
      backend.mergePatch<Secret>(context, SECRETS, { namespace, name: secret }, secretWithToken(token, uid)),
    );
  }

  #create<T>(
    backend: BackendCluster,
    context: WriteContext,
    type: ResourceType,
    manifest: unknown,
  ): Promise<T> {
    const { namespace } = this.#performer.target;
    return backend.create<T>(context, type, { namespace }, manifest);
  }

  #reviewedSession(): ReviewedSession {
    if (!this.#session) throw new TypeError('no session was created or updated with this Writ');
    return this.#session;
  }

  #createdUid(kind: string, name: string): string {
    const uid = this.#created.get(`${kind}/${name}`);
    if (!uid) throw new TypeError(`${kind} ${name} was not created with this Writ`);
    return uid;
  }
}
