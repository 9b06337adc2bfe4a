/** The fields of a line that are not printed after its message. */
const LEADING = ['level', 'time', 'msg', 'pid', 'hostname', 'err', 'error'];

/** One line of the log, which is JSON, as a person reads it: time of day, level, message, then the other fields. */
export function readableLine(line: string): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line);
  } catch {
    return line;
  }
  const { level, time, msg, err, error } = fields;
  const rest = Object.entries(fields)
    .filter(([name]) => !LEADING.includes(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`);
  const failure = (err ?? error) as { stack?: string; message?: string } | undefined;
  const stack = failure && `\n  ${escaped(failure.stack ?? failure.message ?? '').replaceAll('\n', '\n  ')}`;
  const text = escaped(`${msg ?? ''}`);
  const clock = String(time).slice(11, 23);
  return `${[clock, String(level).toUpperCase().padEnd(5), text, ...rest].filter(Boolean).join(' ')}${stack ?? ''}\n`;
}

/** Without characters that would act on the terminal. */
function escaped(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** Text with spaces, or with characters that would act on the terminal, as JSON. */
function quoted(text: string): string {
  return /^[\w\-./:@+]+$/.test(text) ? text : JSON.stringify(text);
}
