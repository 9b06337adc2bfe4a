import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { pages } from '../../kubernetes/pages.ts';
import type { ListOptions, ObjectList, Reader } from '../../kubernetes/reader.ts';
import { apiVersionOf, NAMESPACES, type Namespace } from '../../kubernetes/resources.ts';
import { SCAN_PAGE } from '../../kubernetes/scan.ts';
import { forbidden } from '../../kubernetes/status-mapping.ts';
import { MANAGED_LABEL } from '../../model/labels-and-annotations.ts';
import { OPENSHIFT_PROJECTS } from '../../model/openshift-project.ts';
import { isManaged } from '../../model/project-objects.ts';

const MANAGED = `${MANAGED_LABEL}=true`;

/** A page of the managed namespaces, by name. FORBIDDEN with a hint if the caller may not list namespaces. */
export async function listNamespaces(reader: Reader, page: ListOptions): Promise<ObjectList<Namespace>> {
  try {
    return await reader.list<Namespace>(NAMESPACES, undefined, {
      ...page,
      labelSelector: MANAGED,
      transient: true,
    });
  } catch (error) {
    if (!(error instanceof KubernetesError && error.statusCode === 403)) throw error;
    throw forbidden(error.attributes).with({
      hint: 'An administrator can bind the ClusterRole writ-namespace-lister to all authenticated users. A project whose name you know can be read without it.',
    });
  }
}

/** All managed namespaces, a page at a time. */
export async function* scanNamespaces(reader: Reader): AsyncGenerator<Namespace[]> {
  for await (const { items } of pages<Namespace>(SCAN_PAGE, (page) => listNamespaces(reader, page)))
    yield items;
}

/**
 * The managed ones of the Projects that OpenShift shows to the caller, in no order. Its API server applies the selector and
 * ignores `limit`, so a page has no maximum size: it would be read again and again. A Project is a namespace under another name.
 */
export async function* scanOpenShiftProjects(reader: Reader): AsyncGenerator<Namespace[]> {
  let next: string | undefined;
  do {
    const { items, metadata } = await reader.list<Namespace>(OPENSHIFT_PROJECTS, undefined, {
      labelSelector: MANAGED,
      continue: next,
      transient: true,
    });
    for (const item of items)
      Object.assign(item, { apiVersion: apiVersionOf(NAMESPACES), kind: NAMESPACES.kind });
    yield items.filter(isManaged);
    next = metadata.continue || undefined;
  } while (next);
}
