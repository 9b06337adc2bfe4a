import { Informer, type InformerOptions } from '../../kubernetes/informer.ts';
import { ALL_NAMESPACES, type AnyObject } from '../../kubernetes/reader.ts';
import { NAMESPACES, type Namespace } from '../../kubernetes/resources.ts';
import { MANAGED_LABEL } from '../../model/labels-and-annotations.ts';
import { PROJECT_SETTINGS, type ProjectSettings } from '../../model/project.ts';
import { trimNamespace, trimSettings } from './trim.ts';

/** An informer of objects of any type. */
export type AnyInformer = Pick<Informer<AnyObject>, 'run' | 'synced' | 'isHealthy'>;
export type CacheOptions = Pick<InformerOptions<AnyObject>, 'connect' | 'timings' | 'onError'>;

/** A project has one ProjectSettings, of this name; the default is that of its CustomResourceDefinition. */
const SETTINGS_NAME = 'projectsettings';
const DEFAULT_INACTIVITY_TIMEOUT_SECONDS = 86_400;

/** Which namespaces are projects, and their settings. */
export class ProjectCache {
  readonly #namespaces: Informer<Namespace>;
  readonly #settings: Informer<ProjectSettings>;

  /** @param onChange is called with the namespace of each change */
  constructor(options: CacheOptions, onChange: (namespace: string | undefined) => void) {
    this.#namespaces = new Informer<Namespace>({
      ...options,
      type: NAMESPACES,
      namespace: undefined,
      labelSelector: `${MANAGED_LABEL}=true`,
      trim: trimNamespace,
      onChange: (_, { metadata }) => onChange(metadata.name),
    });
    this.#settings = new Informer<ProjectSettings>({
      ...options,
      type: PROJECT_SETTINGS,
      namespace: ALL_NAMESPACES,
      trim: trimSettings,
      onChange: (_, { metadata }) => onChange(metadata.namespace),
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
}
