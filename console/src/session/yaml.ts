/** YAML 1.2 of what JSON can have, in block style. (A library that also reads YAML is 16 kB of script.) */
export function toYaml(value: unknown): string {
  return `${linesOf(value).join('\n')}\n`;
}

function linesOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return ['[]'];
    return value.flatMap((item) => {
      const [first = '', ...rest] = linesOf(item);
      return [`- ${first}`, ...indented(rest)];
    });
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value);
    return fields.length === 0 ? ['{}'] : fields.flatMap(([key, field]) => linesOfField(key, field));
  }
  return typeof value === 'string' ? linesOfText(value) : [String(value)];
}

function linesOfField(key: string, value: unknown): string[] {
  const name = isPlain(key) ? key : quoted(key);
  const lines = linesOf(value);
  const isCollection = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (isCollection) return [`${name}:`, ...indented(lines)];
  const [first = '', ...rest] = lines;
  return [`${name}: ${first}`, ...indented(rest)];
}

function indented(lines: string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

/** Characters that are not shown, or that change how others are. */
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029\ufffe\uffff]/gu;
/** More than one line, of which none could be taken for indentation. */
const BLOCK = /^\S[\s\S]*\n/;

function linesOfText(text: string): string[] {
  const visible = text.replace(/[\n\t]/g, '');
  if (!BLOCK.test(text) || visible.search(INVISIBLE) >= 0 || !text.isWellFormed()) {
    return [isPlain(text) ? text : quoted(text)];
  }
  const [, body = '', end = ''] = /^([\s\S]*?)(\n*)$/.exec(text) ?? [];
  const chomping = end === '' ? '-' : end === '\n' ? '' : '+';
  return [`|${chomping}`, ...body.split('\n'), ...Array<string>(Math.max(0, end.length - 1)).fill('')];
}

/** Words that nothing else than text can be. */
const PLAIN = /^[A-Za-z_/][\w./@+-]*(?:[ :][\w./@+-]+)*$/;
const OTHER_TYPES = /^(true|false|null|yes|no|on|off|y|n)$/i;

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !OTHER_TYPES.test(text);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(INVISIBLE, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
