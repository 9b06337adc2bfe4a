import { Informer, type InformerOptions } from '../../kubernetes/informer.ts';
import { ALL_NAMESPACES, type AnyObject } from '../../kubernetes/reader.ts';
import { NAMESPACES, type Namespace } from '../../kubernetes/resources.ts';
import { MANAGED_LABEL } from '../../model/labels-and-annotations.ts';
import { PROJECT_SETTINGS, type ProjectSettings, SETTINGS_NAME } from '../../model/project.ts';
import { trimNamespace, trimSettings } from './trim.ts';

/** An informer of objects of any type. */
export type AnyInformer = Pick<Informer<AnyObject>, 'run' | 'synced' | 'isHealthy'>;
export type CacheOptions = Pick<InformerOptions<AnyObject>, 'connect' | 'timings' | 'onError'>;

/** The default of ProjectSettings' CustomResourceDefinition. */
const DEFAULT_INACTIVITY_TIMEOUT_SECONDS = 86_400;

/** Which namespaces are projects, and their settings. */
export class ProjectCache {
  readonly #namespaces: Informer<Namespace>;
  readonly #settings: Informer<ProjectSettings>;
  readonly #onChange: (namespace: string) => void;
  /** The inactivity timeout of each managed namespace, as of the last call of `onChange`. */
  readonly #reported = new Map<string, number>();

  /** @param onChange is called with each namespace that becomes managed or unmanaged, or has another inactivity timeout */
  constructor(options: CacheOptions, onChange: (namespace: string) => void) {
    this.#onChange = onChange;
    this.#namespaces = new Informer<Namespace>({
      ...options,
      type: NAMESPACES,
      namespace: undefined,
      labelSelector: `${MANAGED_LABEL}=true`,
      trim: trimNamespace,
      onChange: (_, { metadata }) => this.#changed(metadata.name),
    });
    this.#settings = new Informer<ProjectSettings>({
      ...options,
      type: PROJECT_SETTINGS,
      namespace: ALL_NAMESPACES,
      trim: trimSettings,
      onChange: (_, { metadata }) => this.#changed(metadata.namespace ?? ''),
    });
  }

  get informers(): AnyInformer[] {
    return [this.#namespaces, this.#settings];
  }

  isManaged(namespace: string): boolean {
    const found = this.#namespaces.get(undefined, namespace);
    return found !== undefined && !found.metadata.deletionTimestamp;
  }

  managedNamespaces(): string[] {
    return [...this.#namespaces.values()]
      .map(({ metadata }) => metadata.name)
      .filter((name) => this.isManaged(name));
  }

  /** For sessions without an inactivityTimeout of their own, in seconds; 0: never. */
  inactivityTimeoutSeconds(namespace: string): number {
    const { spec } = this.#settings.get(namespace, SETTINGS_NAME) ?? {};
    return spec?.inactivityTimeoutSeconds ?? DEFAULT_INACTIVITY_TIMEOUT_SECONDS;
  }

  /** As it is stored: the run template decides whether runs mount it. */
  runnerSecretsName(namespace: string): string | undefined {
    return this.#settings.get(namespace, SETTINGS_NAME)?.spec?.runnerSecretsName;
  }

  /** Tenants can change their namespace all the time, and a change causes a pass over each session of the project. */
  #changed(namespace: string): void {
    const timeout = this.isManaged(namespace) ? this.inactivityTimeoutSeconds(namespace) : undefined;
    if (timeout === this.#reported.get(namespace)) return;
    if (timeout === undefined) this.#reported.delete(namespace);
    else this.#reported.set(namespace, timeout);
    this.#onChange(namespace);
  }
}
