export const trouble = {
  offline: 'You are offline. What you see may be out of date.',
  lost: 'The connection to Writ is lost. This page goes on by itself when it is back, and catches up on what has changed.',
  busy: (seconds: number) =>
    `Too many requests at once: Writ asks to wait ${seconds} s, and is then asked again.`,
};
