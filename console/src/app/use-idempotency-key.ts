import { useState } from 'react';

/** However often it is sent, a form makes one object, unless its user wants another. */
export function useIdempotencyKey(submit: (idempotencyKey: string) => void) {
  const [key, setKey] = useState(randomKey);
  return {
    send: () => submit(key),
    sendAnother() {
      const next = randomKey();
      setKey(next);
      submit(next);
    },
  };
}

/** `crypto.randomUUID` is there only over HTTPS and on localhost. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');
}
