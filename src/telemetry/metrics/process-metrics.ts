import { Counter, Gauge, type Registry } from 'prom-client';
import type { CacheFigures } from '../../budgets/cache-figures.ts';
import type { MemoryBudget } from '../../budgets/memory-budget.ts';

/** The memory that requests may hold together. */
export function exposeMemory(
  registry: Registry,
  memory: Pick<MemoryBudget, 'limit' | 'reserved' | 'refused'>,
): void {
  const registers = [registry];
  gauge(registry, 'writ_memory_budget_bytes', 'What requests may hold together.', () => memory.limit);
  gauge(registry, 'writ_memory_budget_used_bytes', 'What requests hold.', () => memory.reserved);
  new Counter({
    name: 'writ_memory_budget_rejected_total',
    help: 'Reservations for which there was no room.',
    registers,
    collect() {
      this.reset();
      this.inc(memory.refused);
    },
  });
}

/** @param caches the figures of each, by its name */
export function exposeCaches(registry: Registry, caches: () => Record<string, CacheFigures>): void {
  const registers = [registry];
  const labelNames = ['cache'] as const;
  new Gauge({
    name: 'writ_cache_entries',
    help: 'Entries of a cache.',
    labelNames,
    registers,
    collect() {
      for (const [cache, { entries }] of Object.entries(caches())) this.set({ cache }, entries);
    },
  });
  new Gauge({
    name: 'writ_cache_bytes',
    help: 'About what the entries of a cache take, for caches that are limited by it.',
    labelNames,
    registers,
    collect() {
      for (const [cache, { bytes }] of Object.entries(caches())) {
        if (bytes !== undefined) this.set({ cache }, bytes);
      }
    },
  });
  new Counter({
    name: 'writ_cache_requests_total',
    help: 'Look-ups in a cache.',
    labelNames: [...labelNames, 'result'],
    registers,
    collect() {
      this.reset();
      for (const [cache, { hits, misses }] of Object.entries(caches())) {
        this.inc({ cache, result: 'hit' }, hits);
        this.inc({ cache, result: 'miss' }, misses);
      }
    },
  });
}

interface LiveFigures {
  watches: number;
  subscriptions: number;
  webSockets: number;
}

/** What clients keep open. */
export function exposeLive(registry: Registry, figures: () => LiveFigures): void {
  gauge(registry, 'writ_watches', 'Watches of the cluster and followed logs.', () => figures().watches);
  gauge(registry, 'writ_subscriptions', 'Subscriptions in progress.', () => figures().subscriptions);
  gauge(registry, 'writ_websockets', 'Open WebSockets.', () => figures().webSockets);
}

/** @param isAccepted whether the cluster accepts Writ's own credentials */
export function exposeCredential(registry: Registry, isAccepted: () => boolean): void {
  const help = "Whether the cluster accepts Writ's own credentials: 1, or 0.";
  gauge(registry, 'writ_backend_credential_accepted', help, () => Number(isAccepted()));
}

/** A gauge without labels that is read when the page is. */
export function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
