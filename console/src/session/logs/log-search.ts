import type { LogBuffer } from './log-buffer.ts';

/** The ids of the entries that contain a text, whatever their case. Each entry is searched once. */
export class LogSearch {
  readonly #buffer: LogBuffer;
  readonly query: string;
  #ids: number[] = [];
  #searched = -1;

  constructor(buffer: LogBuffer, query: string) {
    this.#buffer = buffer;
    this.query = query.toLowerCase();
  }

  /** In order. */
  matches(): readonly number[] {
    if (this.query === '') return [];
    const { entries } = this.#buffer;
    const first = entries[0]?.id ?? 0;
    if ((this.#ids[0] ?? first) < first) this.#ids = this.#ids.filter((id) => id >= first);
    for (let index = Math.max(0, this.#searched + 1 - first); index < entries.length; index += 1) {
      const entry = entries[index];
      if (!entry) continue;
      if (!entry.isNote && entry.plain.toLowerCase().includes(this.query)) this.#ids.push(entry.id);
      this.#searched = entry.id;
    }
    return this.#ids;
  }
}
