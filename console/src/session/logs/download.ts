import type { LogEntry } from './log-buffer.ts';

/** Saves the lines as a text file, without colours. */
export function download(fileName: string, entries: readonly LogEntry[], withTimes: boolean): void {
  const lines = entries
    .filter(({ isNote }) => !isNote)
    .map(({ plain, timestamp }) => (withTimes && timestamp ? `${timestamp} ${plain}\n` : `${plain}\n`));
  const url = URL.createObjectURL(new Blob(lines, { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
