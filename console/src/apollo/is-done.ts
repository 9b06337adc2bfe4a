/** Whether a mutation has succeeded. Its hook keeps the error, which the page shows. */
export function isDone(mutation: Promise<unknown>): Promise<boolean> {
  return mutation.then(
    () => true,
    () => false,
  );
}
