/* biome-ignore-all lint/suspicious/noControlCharactersInRegex: terminals are controlled by them */

// Anybody's pod can have printed the text: each of these takes a time that is proportional to its length.

/** What begins a control string (DCS, SOS, OSC, PM, APC), which has a text of its own, in 7 and in 8 bits. */
const STRING_BEGINNING = /\x1b[PX\]^_]|[\x90\x98\x9d-\x9f]/g;
/** What ends it: BEL or ST. A lone ESC breaks it off. */
const STRING_END = /\x07|\x1b\\?|\x9c/g;
/** Control sequences (CSI), and escape sequences of a few characters. */
const SEQUENCE = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?/g;
/** Select Graphic Rendition: colours, bold and the like. */
const STYLE = /(\x1b\[[\d;:]{0,64}m)/;
const CONTROL_CHARACTER = /[^\P{Cc}\t]/gu;

/** The text without ANSI escape sequences and control characters. */
export function withoutControls(text: string): string {
  return hasControls(text) ? withoutSequences(withoutControlStrings(text)) : text;
}

/** The same, but for SGR sequences. */
export function withStylesOnly(text: string): string {
  if (!hasControls(text)) return text;
  const parts = withoutControlStrings(text).split(STYLE);
  return parts.map((part, index) => (index % 2 === 1 ? part : withoutSequences(part))).join('');
}

function hasControls(text: string): boolean {
  return text.search(CONTROL_CHARACTER) >= 0;
}

function withoutSequences(text: string): string {
  return text.replace(SEQUENCE, '').replace(CONTROL_CHARACTER, '');
}

/** The text without control strings that end. One expression for them would read to the end from each beginning of one. */
function withoutControlStrings(text: string): string {
  let kept = '';
  let keptUntil = 0;
  let position = 0;
  for (;;) {
    STRING_BEGINNING.lastIndex = position;
    const begun = STRING_BEGINNING.exec(text);
    if (!begun) break;
    STRING_END.lastIndex = STRING_BEGINNING.lastIndex;
    const end = STRING_END.exec(text);
    if (!end) break;
    position = end.index;
    // It breaks off all that have begun before it, and can begin another one.
    if (end[0] === '\x1b') continue;
    position = STRING_END.lastIndex;
    kept += text.slice(keptUntil, begun.index);
    keptUntil = position;
  }
  return kept + text.slice(keptUntil);
}
