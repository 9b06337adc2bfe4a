/** An object has the name of an object of a run, but does not belong to the run. It is neither adopted nor deleted. */
export class NotOwned extends Error {
  readonly kind: string;

  constructor(kind: string) {
    super(`a ${kind} with the run's name exists but does not belong to the run`);
    this.name = 'NotOwned';
    this.kind = kind;
  }
}
