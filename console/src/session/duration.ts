const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;
const list = new Intl.ListFormat('en', { type: 'unit', style: 'narrow' });

/** Its two largest units, such as 2 hr 5 min. */
export function durationOf(seconds: number): string {
  const first = UNITS.findIndex(([size]) => seconds >= size);
  if (first < 0) return inUnit(Math.max(0, seconds), 'second');
  const parts = UNITS.slice(first, first + 2).flatMap(([size, unit], index) => {
    const above = UNITS[first + index - 1]?.[0] ?? Number.POSITIVE_INFINITY;
    const number = Math.floor((seconds % above) / size);
    return number > 0 ? [inUnit(number, unit)] : [];
  });
  return list.format(parts);
}

function inUnit(number: number, unit: string): string {
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'short' }).format(number);
}

export function secondsBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1_000);
}
