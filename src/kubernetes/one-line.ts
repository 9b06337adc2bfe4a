const MAX_LENGTH = 500;

/** The text of another system as part of a message: on one line, without control and format characters, and bounded. */
export function oneLine(text: string, maxLength = MAX_LENGTH): string {
  const line = text
    .slice(0, 4 * maxLength)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
