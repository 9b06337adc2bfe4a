import { NAMESPACES, type Namespace, ROLE_BINDINGS, type RoleBinding } from '../kubernetes/resources.ts';
import { isSystemNamespace } from '../model/project-names.ts';
import {
  creatorBinding,
  isManaged,
  type ProjectTexts,
  projectNamespace,
  textAnnotations,
  writBindings,
} from '../model/project-objects.ts';
import type { ProjectRolePrefix } from '../model/project-role.ts';
import type { ActPerformer } from './act-performer.ts';

/** The acts of a Writ on the project that it names. */
export class ProjectActs {
  readonly #performer: ActPerformer;
  /** The namespace that this Writ has created, as the cluster returned it. */
  #created: Namespace | undefined;
  #hasCreated = false;

  constructor(performer: ActPerformer) {
    this.#performer = performer;
    Object.freeze(this);
  }

  /** Creates the namespace, once. 409 (AlreadyExists) if there is one: it is never adopted. */
  async create(texts: ProjectTexts): Promise<Namespace> {
    if (this.#hasCreated) throw new TypeError('a Writ creates one project');
    const name = this.#name();
    this.#hasCreated = true;
    const manifest = projectNamespace(name, this.#performer.terms.subject.username, texts);
    const namespace = await this.#performer.perform(
      'createNamespace',
      { type: NAMESPACES, name },
      (backend, context) => backend.create<Namespace>(context, NAMESPACES, {}, manifest),
    );
    this.#created = namespace;
    return namespace;
  }

  /** Gives Writ its rights in the project that this Writ has created. */
  async bindWrit(): Promise<void> {
    for (const binding of writBindings(this.#name())) await this.#bind(binding);
  }

  /** Makes the reviewed subject the admin of the project that this Writ has created. */
  async bindCreator(prefix: ProjectRolePrefix): Promise<void> {
    await this.#bind(creatorBinding(this.#name(), this.#performer.terms.subject.username, prefix));
  }

  /**
   * Deletes the namespace that this Writ has created, and no other of its name (UID). 409 also if it has been changed since.
   *
   * @param resourceVersion the version that the user has read since; absent: the one that was created
   */
  async removeCreated(resourceVersion?: string): Promise<void> {
    const { uid, resourceVersion: created } = this.#createdNamespace().metadata;
    const name = this.#name();
    const preconditions = { uid, resourceVersion: resourceVersion ?? created };
    await this.#performer.perform('removeCreatedNamespace', { type: NAMESPACES, name }, (backend, context) =>
      backend.delete(context, NAMESPACES, { name }, preconditions),
    );
  }

  /**
   * Sets or clears the texts of the project, and nothing else. CONFLICT unless it is still the namespace that the user read
   * (UID), and if a resourceVersion is given, at that version. The policy writ-patches denies a patch that changes nothing.
   */
  async updateTexts(read: Namespace, texts: ProjectTexts, resourceVersion?: string): Promise<Namespace> {
    const { name, uid } = this.#assertRead(read);
    const patch = {
      metadata: { uid, ...(resourceVersion && { resourceVersion }), annotations: textAnnotations(texts) },
    };
    return this.#performer.perform('updateNamespace', { type: NAMESPACES, name }, (backend, context) =>
      backend.mergePatch<Namespace>(context, NAMESPACES, { name }, patch),
    );
  }

  /** Deletes the project with all that it contains. CONFLICT unless it is as the user read it (UID, resourceVersion). */
  async delete(read: Namespace): Promise<void> {
    const { name, uid, resourceVersion } = this.#assertRead(read);
    await this.#performer.perform('deleteNamespace', { type: NAMESPACES, name }, (backend, context) =>
      backend.delete(context, NAMESPACES, { name }, { uid, resourceVersion }),
    );
  }

  async #bind(binding: RoleBinding): Promise<void> {
    this.#createdNamespace();
    const namespace = this.#name();
    const name = binding.metadata?.name;
    await this.#performer.perform('createProjectBinding', { type: ROLE_BINDINGS, name }, (backend, context) =>
      backend.create(context, ROLE_BINDINGS, { namespace }, binding),
    );
  }

  #name(): string {
    const { namespace } = this.#performer.target;
    if (isSystemNamespace(namespace)) throw new TypeError(`a namespace of the system: ${namespace}`);
    return namespace;
  }

  #createdNamespace(): Namespace {
    if (!this.#created) throw new TypeError('no project was created with this Writ');
    return this.#created;
  }

  #assertRead(read: Namespace): Namespace['metadata'] {
    if (read.metadata.name !== this.#name()) throw new TypeError('not the reviewed project');
    if (!isManaged(read)) throw new TypeError(`not a project: ${read.metadata.name}`);
    return read.metadata;
  }
}
