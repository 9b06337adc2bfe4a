/* biome-ignore-all lint/suspicious/noControlCharactersInRegex: terminals are controlled by them */

export interface TextStyle {
  /** As CSS has it. */
  color?: string | undefined;
  background?: string | undefined;
  isBold?: boolean;
  isDim?: boolean;
  isItalic?: boolean;
  isUnderlined?: boolean;
  isStruck?: boolean;
  isInverse?: boolean;
}

export interface Span {
  text: string;
  style: TextStyle;
}

const STYLES = /\x1b\[([\d;:]*)m/;
const ALL_STYLES = /\x1b\[[\d;:]*m/g;
/** What a terminal shows of a line that was rewritten. Carriage returns at its end precede the line end. */
export function lastState(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}

export function withoutStyles(line: string): string {
  return line.includes('\x1b') ? line.replace(ALL_STYLES, '') : line;
}

/** The parts of a line that have one style each. */
export function spansOf(line: string): Span[] {
  if (!line.includes('\x1b')) return [{ text: line, style: {} }];
  const spans: Span[] = [];
  let style: TextStyle = {};
  // Of the parts each second one has the parameters of a sequence.
  for (const [index, part] of line.split(STYLES).entries()) {
    if (index % 2 === 1) style = styleAfter(style, part);
    else if (part !== '') spans.push({ text: part, style });
  }
  return spans;
}

const FLAGS: Readonly<Record<number, TextStyle>> = {
  1: { isBold: true },
  2: { isDim: true },
  3: { isItalic: true },
  4: { isUnderlined: true },
  7: { isInverse: true },
  9: { isStruck: true },
  22: { isBold: false, isDim: false },
  23: { isItalic: false },
  24: { isUnderlined: false },
  27: { isInverse: false },
  29: { isStruck: false },
  39: { color: undefined },
  49: { background: undefined },
};

function styleAfter(before: TextStyle, parameters: string): TextStyle {
  let style = before;
  const codes = parameters.split(';');
  for (let index = 0; index < codes.length; index += 1) {
    const [code = 0, ...subparameters] = (codes[index] ?? '').split(':').map(Number);
    if (code === 0) style = {};
    else if (code === 38 || code === 48) {
      const follow = codes.slice(index + 1).map(Number);
      const color = subparameters.length > 0 ? withoutColorSpace(subparameters) : follow;
      // As parameters of their own they are read here.
      if (subparameters.length === 0) index += follow[0] === 2 ? 4 : 2;
      style = { ...style, [code === 38 ? 'color' : 'background']: extendedColor(color) };
    } else style = { ...style, ...(FLAGS[code] ?? basicColor(code)) };
  }
  return style;
}

/** 38:2:SPACE:R:G:B, of which the color space is usually left empty. */
function withoutColorSpace(parameters: number[]): number[] {
  const [kind = 0, ...rest] = parameters;
  return kind === 2 && rest.length > 3 ? [kind, ...rest.slice(1)] : parameters;
}

function basicColor(code: number): TextStyle {
  if (code >= 30 && code <= 37) return { color: paletteColor(code - 30) };
  if (code >= 90 && code <= 97) return { color: paletteColor(code - 82) };
  if (code >= 40 && code <= 47) return { background: paletteColor(code - 40) };
  if (code >= 100 && code <= 107) return { background: paletteColor(code - 92) };
  return {};
}

function extendedColor([kind, ...values]: number[]): string | undefined {
  if (kind === 5) return paletteColor(values[0] ?? 0);
  if (kind !== 2) return undefined;
  const [red, green, blue] = values.map((value) => Math.min(255, value || 0));
  return `rgb(${red ?? 0} ${green ?? 0} ${blue ?? 0})`;
}

const BASIC =
  '000000 c91b00 00a33f b58900 2f6fd8 b23fb2 00a3a3 c7c7c7 686868 ff6e67 5ff967 fefb67 6fa8ff ff77ff 60fdff ffffff'.split(
    ' ',
  );
const CUBE = [0, 95, 135, 175, 215, 255];

/** One of the 256 colours: 16 basic ones, a cube of 6 × 6 × 6, and 24 greys. */
function paletteColor(index: number): string | undefined {
  if (index < 16) return `#${BASIC[index]}`;
  if (index > 255) return undefined;
  if (index >= 232) {
    const level = 8 + (index - 232) * 10;
    return `rgb(${level} ${level} ${level})`;
  }
  const [red, green, blue] = [36, 6, 1].map((step) => CUBE[Math.floor((index - 16) / step) % 6]);
  return `rgb(${red} ${green} ${blue})`;
}
