import type { Authorize } from '../authorization/authorize.ts';
import type { ScheduleAuthority } from '../authorization/authorize-owner.ts';
import type { RequestReviews } from '../authorization/request-reviews.ts';
import type { Subject } from '../authorization/reviews.ts';
import type { Keys } from '../keys/shared-keys.ts';
import type { AnyObject, MirroredReader } from '../kubernetes/reader.ts';
import type { ResourceType } from '../kubernetes/resources.ts';
import type { RunStep } from '../kubernetes/scope.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { Batch } from '../live/change.ts';
import type { FeedSelection } from '../live/feed.ts';
import type { FollowLogsOptions } from '../live/hub.ts';
import type { LogChunk } from '../live/log-queue.ts';
import type { GroupAccessOwner } from '../model/project.ts';
import type { ProjectRolePrefix } from '../model/project-role.ts';
import type { Runners } from '../model/run-template.ts';
import type { TriggerSettings } from '../model/schedule.ts';
import type { Loaders } from './loaders.ts';
import type { CursorCodec } from './relay/cursor.ts';

/** The context of a request: the cluster as the caller, and no other identity. */
export interface Context {
  /** For use cases, which also write as the caller. */
  user: UserCluster;
  /** For resolvers, which only read. */
  reader: MirroredReader;
  subject: Subject;
  /** For display only: no write depends on one of these reviews. */
  reviews: Pick<
    RequestReviews,
    'can' | 'canOneOfMany' | 'mayView' | 'roleIn' | 'noteDenied' | 'isKnownDenied'
  >;
  authorize: Authorize;
  /** For a schedule that calls by itself. */
  schedules: ScheduleAuthority;
  loaders: Loaders;
  /** Told of fields that make calls; undefined if nobody is. */
  runStep: RunStep | undefined;
  /** Whether the cluster serves a resource that not all clusters have. Errors: those of a call of the user. */
  serves(type: ResourceType): Promise<boolean>;
  /** Drops everything that the request has read, so that fields after a mutation see its effect. */
  refresh(): void;
  /** Subscribes as the caller. Errors: those of the hub. */
  subscribe(selection: FeedSelection, options: WatchedSelection): AsyncIterable<Batch>;
  /** Follows logs as the caller. Errors: those of the hub. */
  followLogs(options: Omit<FollowLogsOptions, 'signal'>): AsyncIterable<LogChunk>;
  /** The context of one event of a subscription, with a budget and loaders of its own until `release`. */
  forEvent(): EventContext;
  /** Cursors of the caller. */
  cursors: CursorCodec;
  keys: Pick<Keys, 'idempotency'>;
  runners: Runners;
  /** How the pods of scheduled sessions run; undefined if sessions cannot be scheduled. */
  triggers: TriggerSettings | undefined;
  /** The maximum number of objects that a field reads to filter, sort or group them. */
  scanLimit: number;
  /** Whether an admission policy prevents every identity except Writ from changing the origin of a session. */
  originPolicyInForce: boolean;
  /** Of the ClusterRoles that mutations bind for members of a project. */
  projectRolePrefix: ProjectRolePrefix;
  /** Whether an access key can have the role of an admin. */
  adminAccessKeys: boolean;
  /** Names that no new project may have; `*` stands for any characters. */
  reservedProjectNames: readonly string[];
  /** Who creates the RoleBindings for the groups in a project's settings. */
  groupAccess: GroupAccessOwner;
}

export interface WatchedSelection {
  since?: string | undefined;
  /** Whether an object of the selection is sent. Absent: all are. */
  select?: ((object: AnyObject) => boolean) | undefined;
}

export interface EventContext {
  context: Context;
  /** Aborts when the subscription ends, or the event's deadline has passed. */
  signal: AbortSignal;
  release(): void;
}
