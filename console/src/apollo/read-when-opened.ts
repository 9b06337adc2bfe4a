/** For what is not subscribed to: it is read when its page is opened, and when the user returns to the tab. */
export const READ_WHEN_OPENED = {
  fetchPolicy: 'cache-and-network',
  refetchOn: { windowFocus: true },
} as const;
