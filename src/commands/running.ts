/** What a command leaves running. */
export interface Running {
  /** Ends it in order; what it waits for is bounded. */
  close(): Promise<void>;
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}
