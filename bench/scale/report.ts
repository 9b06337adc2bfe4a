/** One claim of docs/scaling.md, compared with what was measured. */
export interface Claim {
  claim: string;
  formula: string;
  predicted: number;
  measured: number;
}

export const say = (text = '') => process.stdout.write(`${text}\n`);

/** As Markdown, so that it can be copied into docs/scaling.md. */
export function printTable(head: string[], rows: (string | number)[][]): void {
  say(`| ${head.join(' | ')} |`);
  say(`|${head.map(() => '---').join('|')}|`);
  for (const row of rows)
    say(`| ${row.map((cell) => (typeof cell === 'number' ? short(cell) : cell)).join(' | ')} |`);
  say();
}

export function printClaims(claims: Claim[]): void {
  const rows = claims.map(({ claim, formula, predicted, measured }) => [
    claim,
    formula,
    predicted,
    measured,
    predicted === measured ? '1.00' : (measured / predicted).toFixed(2),
  ]);
  printTable(['claim', 'formula', 'predicted', 'measured', 'ratio'], rows);
}

export function short(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(value >= 10 ? 1 : 2);
}

/** `OK 120, TIMEOUT 3` */
export function codes(outcomes: { code: string }[]): string {
  const counts = [...Map.groupBy(outcomes, ({ code }) => code)].map(
    ([code, list]) => `${code} ${list.length}`,
  );
  return counts.sort().join(', ');
}
