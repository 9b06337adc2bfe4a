/** A command that has started, and runs until it is closed. */
export interface RunningCommand {
  /** Stops the command gracefully, within bounds. */
  close(): Promise<void>;
}
