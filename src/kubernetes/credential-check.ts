import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../errors.ts';
import { backendCaller } from './caller.ts';
import { reviewCall } from './calls.ts';
import type { Credential } from './connection/credential.ts';
import { KubernetesError } from './kubernetes-error.ts';
import { SELF_SUBJECT_REVIEWS } from './resources.ts';
import { createScope } from './scope.ts';
import type { ClusterTransport } from './transport.ts';

export interface CredentialCheckOptions {
  transport: ClusterTransport;
  /** Writ's own. */
  credential: Credential;
  /** How often the cluster is asked, in ms. */
  everyMs: number;
  /** After a refusal: when it is asked again, in ms. An API server that starts can refuse what it accepts a moment later. */
  confirmMs: number;
  /** Called when the answer has changed. */
  onChange: (isAccepted: boolean) => void;
}

export const CREDENTIAL_CHECK_TIMINGS = { everyMs: 30_000, confirmMs: 2_000 };

/** Deadline of a review in ms. */
const TIMEOUT_MS = 5_000;

/**
 * Asks the cluster again and again whether it accepts Writ's own credential (SelfSubjectReview): a token expires, its service
 * account or a certificate is replaced, and nothing else would show that before somebody's write fails. It belongs to no request.
 */
export class CredentialCheck {
  readonly #options: CredentialCheckOptions;
  readonly #closing = new AbortController();
  #isAccepted = true;

  constructor(options: CredentialCheckOptions) {
    this.#options = options;
  }

  /** False once the cluster has refused it twice in a row, until it accepts it again. */
  get isAccepted(): boolean {
    return this.#isAccepted;
  }

  assertAccepted(): void {
    if (!this.#isAccepted) throw new Unavailable("The cluster does not accept Writ's own credentials");
  }

  /** Resolves after the first answer. */
  async start(): Promise<void> {
    await this.#check();
    void this.#repeat();
  }

  close(): void {
    this.#closing.abort();
  }

  async #repeat(): Promise<void> {
    while (await this.#wait(this.#options.everyMs)) await this.#check();
  }

  async #check(): Promise<void> {
    let isAccepted = await this.#ask();
    if (isAccepted === false && this.#isAccepted && (await this.#wait(this.#options.confirmMs))) {
      isAccepted = await this.#ask();
    }
    if (isAccepted === undefined || isAccepted === this.#isAccepted) return;
    this.#isAccepted = isAccepted;
    this.#options.onChange(isAccepted);
  }

  /** Undefined if the cluster cannot tell. */
  async #ask(): Promise<boolean | undefined> {
    const { transport, credential } = this.#options;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    try {
      const caller = await backendCaller(credential, createScope('probe', signal));
      await transport.text({ ...reviewCall(SELF_SUBJECT_REVIEWS, review), ...caller });
      return true;
    } catch (error) {
      return error instanceof KubernetesError && error.statusCode === 401 ? false : undefined;
    }
  }

  /** @returns whether it is to go on */
  async #wait(ms: number): Promise<boolean> {
    const { signal } = this.#closing;
    await delay(ms, undefined, { signal, ref: false }).catch(() => {});
    return !signal.aborted;
  }
}
