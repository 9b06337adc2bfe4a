export const logs = {
  label: 'Log',
  source: 'Which log',
  followed: { label: 'As it is written', description: 'From run to run' },
  podOption: (run: number | null | undefined, pod: string) =>
    run === null || run === undefined ? pod : `Run ${run} · ${pod}`,
  previous: { label: (name: string) => `${name}, before its restart` },
  container: 'Container',
  defaultContainer: 'Default container',
  search: 'Search the log',
  nextMatch: 'Next match',
  previousMatch: 'Previous match',
  matches: (current: number, total: number) => {
    if (total === 0) return 'No match';
    if (current === 0) return total === 1 ? '1 line matches' : `${count(total)} lines match`;
    return `${count(current)} of ${count(total)}`;
  },
  wrap: 'Wrap lines',
  times: 'Times',
  download: 'Download',
  toEnd: 'Follow',
  readAgain: 'Read again',
  lines: (lines: number) => (lines === 1 ? '1 line' : `${count(lines)} lines`),
  dropped: (lines: number) =>
    lines === 1 ? 'the line before is not kept' : `the ${count(lines)} lines before are not kept`,
  states: {
    connecting: 'Connecting',
    following: 'Following',
    paused: 'Paused',
    lost: 'Connection lost, trying again',
    ended: 'The log has ended',
    read: 'As it was read',
    failed: 'It could not be read',
  },
  waiting: {
    title: 'Nothing was printed yet',
    hint: 'Lines appear here as the runner prints them.',
  },
  notStarted: {
    title: 'There is no log yet',
    hint: 'The session was not started. Its log begins with its first run.',
  },
  gone: {
    title: 'There is no log',
    hint: 'The pods of the session were deleted, and their logs with them.',
  },
  nothing: { title: 'The log is empty', hint: 'This container has printed nothing, or has not started.' },
  pod: (pod: string) => `From here on by the pod ${pod}`,
  skipped: (lines: number) =>
    lines === 1
      ? '1 line was skipped here, because it came too fast'
      : `${count(lines)} lines were skipped here, because they came too fast`,
  cut: ' … (cut)',
};

function count(number: number): string {
  return number.toLocaleString('en');
}
