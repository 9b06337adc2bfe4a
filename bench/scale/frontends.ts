import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'graphql-ws';
import { connect } from '../live-clients.ts';
import type { ApiProcess } from '../process.ts';
import { clientOf, type Send } from '../soak/client.ts';
import { OPERATIONS, type Operation, pick } from './operations.ts';
import type { Person } from './population.ts';

export interface Outcome {
  person: number;
  operation: Operation;
  code: string;
  ms: number;
}

/** The frontend of one person: which replica it reaches is decided for each operation. */
export class Frontend {
  readonly person: Person;
  readonly #senders: Send[];
  readonly #session: string;

  constructor(person: Person, replicas: ApiProcess[], session: string) {
    this.person = person;
    this.#senders = replicas.map(({ url }) => clientOf(url, person.token));
    this.#session = session;
  }

  async send(operation: Operation, replica: number): Promise<Outcome> {
    const { project, number } = this.person;
    const send = this.#senders[replica] as Send;
    const { code, ms } = await send(OPERATIONS[operation], { project, name: this.#session });
    return { person: number, operation, code, ms };
  }

  /** Sends operations with pauses of `thinkMs` on average, distributed as the arrivals of a Poisson process. */
  async work(
    route: () => number,
    { thinkMs, signal }: { thinkMs: number; signal: AbortSignal },
    note: (outcome: Outcome) => void,
  ): Promise<void> {
    while (!signal.aborted) {
      await delay(-Math.log(1 - Math.random()) * thinkMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) note(await this.send(pick(Math.random()), route()));
    }
  }
}

const FOLLOW =
  'subscription ($project: String!) { sessions(project: $project) { events { type session { name phase } } } }';

/** Resolves when the subscription's snapshot is complete, with OK or with the code of its refusal. */
export async function follow({ url }: ApiProcess, person: Person): Promise<{ client: Client; code: string }> {
  const client = connect(url, person.token);
  const { promise, resolve } = Promise.withResolvers<string>();
  client.subscribe<{ sessions: { events: { type: string }[] } | null }>(
    { query: FOLLOW, variables: { project: person.project } },
    {
      next({ data, errors }) {
        if (errors) resolve(String(errors[0]?.extensions?.code));
        if (data?.sessions?.events.some(({ type }) => type === 'SYNCED')) resolve('OK');
      },
      error: (error) => resolve(codeOf(error)),
      complete: () => resolve('ENDED'),
    },
  );
  return { client, code: await promise };
}

function codeOf(error: unknown): string {
  const [first] = Array.isArray(error) ? (error as { extensions?: { code?: string } }[]) : [];
  return first?.extensions?.code ?? 'CLOSED';
}
