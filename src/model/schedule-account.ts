/** The name of the ServiceAccount with which a schedule's pod calls Writ. It belongs to that CronJob, and to no later one. */
export function scheduleAccountName(cronJobUid: string): string {
  return `schedule-${cronJobUid}`;
}

const USERNAME = /^system:serviceaccount:([^:]+):schedule-([^:]+)$/;

/** The namespace and the CronJob's UID in the username of such a ServiceAccount; undefined for any other username. */
export function parseScheduleUsername(username: string): { namespace: string; uid: string } | undefined {
  const [, namespace, uid] = USERNAME.exec(username) ?? [];
  return namespace && uid ? { namespace, uid } : undefined;
}
