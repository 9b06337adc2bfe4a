/** An object has the name of a run's object and is not that object. Nothing is built on it. */
export class NotOwned extends Error {
  readonly kind: string;

  constructor(kind: string) {
    super(`there is a ${kind} with the run's name that is not the run's`);
    this.name = 'NotOwned';
    this.kind = kind;
  }
}

/** For `catch`: null if the object belongs to something else than a run. */
export function nullIfNotOwned(error: unknown): null {
  if (error instanceof NotOwned) return null;
  throw error;
}
