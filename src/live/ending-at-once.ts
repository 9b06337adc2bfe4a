/**
 * The same generator, which calls `close` when it ends, and whose `return()` does so at once: alone, that of a generator
 * would do nothing before its first value, and wait for the next one later.
 *
 * @param close ends the generator; it can be called more than once
 */
export function endingAtOnce<T>(values: AsyncGenerator<T, void>, close: () => void): AsyncGenerator<T, void> {
  const generator = closing(values, close);
  const end = generator.return.bind(generator);
  return Object.assign(generator, {
    return: () => {
      close();
      return end();
    },
  });
}

async function* closing<T>(values: AsyncIterable<T>, close: () => void): AsyncGenerator<T, void> {
  try {
    yield* values;
  } finally {
    close();
  }
}
