import type { ProxiedRequest, Reply, Rule } from './cluster-proxy.ts';
import { eventually } from './eventually.ts';

interface HeldCall {
  label: string;
  release(reply?: Reply): void;
}

/** Holds each call to the cluster until the test lets it go on: what is sent at the same time, and what only after an answer. */
export class HeldCalls {
  #held: HeldCall[] = [];

  readonly rule: Rule = (request, forward) =>
    new Promise((resolve) => {
      const release = (reply?: Reply) => resolve(reply ?? forward());
      this.#held.push({ label: labelOf(request), release });
    });

  /** The calls that are held, for example `POST secrets`. */
  get labels(): string[] {
    return this.#held.map(({ label }) => label).sort();
  }

  /** Lets the held call go on, or answers it. */
  release(label: string, reply?: Reply): void {
    const call = this.#held.find((each) => each.label === label);
    if (!call) throw new Error(`no call ${label} is held, but ${this.labels.join(', ')}`);
    this.#held = this.#held.filter((each) => each !== call);
    call.release(reply);
  }

  /** Waits until as many calls are held, lets them go on together, and returns them. */
  async wave(size: number): Promise<string[]> {
    await eventually(() => {
      if (this.#held.length < size) throw new Error(`of ${size} calls are held: ${this.labels.join(', ')}`);
    });
    const { labels } = this;
    for (const call of this.#held.splice(0)) call.release();
    return labels;
  }
}

/** The method and what it is about, without the names. */
function labelOf({ method, path }: ProxiedRequest): string {
  const [, resource, , subresource] =
    /^\/apis?\/(?:[^/]+\/)?v[^/]+\/(?:namespaces\/[^/]+\/)?([^/?]+)(\/[^/?]+)?(?:\/([^/?]+))?/.exec(path) ??
    [];
  return `${method} ${resource}${subresource ? `/${subresource}` : ''}`;
}
