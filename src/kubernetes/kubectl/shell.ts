/** A command line for a POSIX shell. Its arguments are plain text: quoting is {@link renderCommand}'s. */
export interface KubectlCommand {
  /** Without `kubectl` itself. */
  args: readonly string[];
  /** What it reads from its standard input: JSON without raw control characters, see {@link jsonText}. */
  stdin?: string;
  /** What it leaves out. Fixed texts, on one line each. */
  notes?: readonly string[];
  /** kubectl reads the object before it writes it. */
  readsFirst?: boolean;
}

/** Characters that no shell gives a meaning to. A word that begins with `=` has one in zsh. */
const PLAIN_WORD = /^(?!=)[A-Za-z0-9_@%+=:,./-]+$/;
/** Control and format characters, line and paragraph separators: a terminal acts on them, or hides what follows. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;
const HERE_DOCUMENT_END = 'EOF';

/** A word of a command line. In single quotes nothing has a meaning but the next single quote. */
export function shellWord(text: string): string {
  return PLAIN_WORD.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Whether a terminal shows the text as it is, so that who pastes it sees what they run. */
export function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text);
}

/** JSON in which characters that are not printable are escaped. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    new RegExp(`(?!\\n)${UNPRINTABLE.source}`, 'gu'),
    (character) =>
      character
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
  );
}

/** @param flags of kubectl that say as whom it runs */
export function renderCommand({ args, stdin, notes = [] }: KubectlCommand, flags: readonly string[]): string {
  const words = ['kubectl', ...args, ...flags].map(shellWord).join(' ');
  const comments = notes.map((note) => `# ${note}\n`).join('');
  if (stdin === undefined) return `${comments}${words}`;
  // Quoted, so that the shell expands nothing in it. No line of JSON is its end.
  return `${comments}${words} <<'${HERE_DOCUMENT_END}'\n${stdin}\n${HERE_DOCUMENT_END}`;
}
