import { percentile } from '../soak/samples.ts';

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

/** How evenly people are served. */
export function printSpread(outcomes: { person: number; ms: number }[]): void {
  const all = percentile(
    outcomes.map(({ ms }) => ms),
    0.5,
  );
  const each = [...Map.groupBy(outcomes, ({ person }) => person).values()]
    .filter((own) => own.length >= 2)
    .map((own) => own.reduce((sum, { ms }) => sum + ms, 0) / own.length);
  say(
    `  mean latency of a person, relative to the median of all operations: p50 ${short(percentile(each, 0.5) / all)}, p95 ${short(percentile(each, 0.95) / all)}, worst ${short(Math.max(...each) / all)}\n`,
  );
}
