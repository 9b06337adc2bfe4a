import { type Condition, namespacedResource, type ObjectMeta, type Stored } from '../kubernetes/resources.ts';

export const SESSION_GROUP = 'vteam.ambient-code';
export const AGENTIC_SESSIONS = namespacedResource(
  SESSION_GROUP,
  'v1alpha1',
  'agenticsessions',
  'AgenticSession',
);

/** The spec of a stored AgenticSession. Any user with edit access may have written it: each field may be absent or invalid. */
export interface AgenticSessionSpec {
  initialPrompt?: string;
  displayName?: string;
  project?: string;
  llmSettings?: { model?: string; temperature?: number; maxTokens?: number };
  timeout?: number;
  inactivityTimeout?: number;
  stopOnRunFinished?: boolean;
  repos?: { url: string; branch?: string; autoPush?: boolean }[];
  environmentVariables?: Record<string, string>;
  activeWorkflow?: { gitUrl?: string; branch?: string; path?: string };
  mcpServers?: { custom?: Record<string, unknown>; disabled?: string[] };
  userContext?: { userId?: string; displayName?: string; groups?: string[] };
}

/** A repository as the runner has cloned it. */
export interface ReconciledRepo {
  url?: string;
  name?: string;
  branch?: string;
  branches?: string[];
  currentActiveBranch?: string;
  defaultBranch?: string;
  status?: string;
  clonedAt?: string;
}

/** The workflow as the runner has applied it. */
export interface ReconciledWorkflow {
  gitUrl?: string;
  branch?: string;
  path?: string;
  status?: string;
  appliedAt?: string;
}

/** The runner may write the status of its own session: each field may be absent or invalid, as in the spec. */
export interface AgenticSessionStatus {
  observedGeneration?: number;
  phase?: string;
  startTime?: string;
  completionTime?: string;
  lastActivityTime?: string;
  stoppedReason?: string;
  reconciledRepos?: ReconciledRepo[];
  reconciledWorkflow?: ReconciledWorkflow;
  conditions?: Condition[];
}

export interface AgenticSessionManifest {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: AgenticSessionSpec;
}

export type AgenticSession = Stored<{
  metadata?: ObjectMeta;
  spec?: AgenticSessionSpec;
  status?: AgenticSessionStatus;
}>;
