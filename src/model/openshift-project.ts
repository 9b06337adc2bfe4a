import { clusterScopedResource } from '../kubernetes/resources.ts';

const GROUP = 'project.openshift.io';

/** Namespaces that a user may see. OpenShift's API server returns the whole list: it ignores `limit` and `continue`. */
export const OPENSHIFT_PROJECTS = clusterScopedResource(GROUP, 'v1', 'projects', 'Project');
/** To create one is the right of a self-provisioner, also on clusters that do not serve the resource. */
export const PROJECT_REQUESTS = clusterScopedResource(GROUP, 'v1', 'projectrequests', 'ProjectRequest');
