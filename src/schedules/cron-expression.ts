/**
 * The cron expressions of Kubernetes (github.com/robfig/cron v3, ParseStandard) with five fields. Other parsers read some of
 * them otherwise, or accept more (`7`, `L`, `#`): test/schedules/cron-table.json shows Kubernetes' results.
 */

interface FieldRule {
  min: number;
  max: number;
  names?: string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly FieldRule[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: WEEKDAYS },
];
const MAX_LENGTH = 256;

/** The values that a field allows. `star`: a `*` is among its parts, which has a meaning for the two fields of days. */
export interface CronField {
  values: number[];
  star: boolean;
}

export type CronFields = [
  minute: CronField,
  hour: CronField,
  dayOfMonth: CronField,
  month: CronField,
  dayOfWeek: CronField,
];

/** The fields of an expression; undefined unless it has five fields that Kubernetes accepts. */
export function parseExpression(expression: string): CronFields | undefined {
  if (expression.length > MAX_LENGTH || expression.includes('TZ')) return undefined;
  const texts = expression.split(/\s+/).filter((text) => text !== '');
  if (texts.length !== FIELDS.length) return undefined;
  const fields = FIELDS.map((rule, index) => parseField(texts[index] ?? '', rule));
  return fields.includes(undefined) ? undefined : (fields as CronFields);
}

function parseField(text: string, rule: FieldRule): CronField | undefined {
  const values = new Set<number>();
  let star = false;
  for (const part of text.split(',').filter((item) => item !== '')) {
    const range = parseRange(part, rule);
    if (!range) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
    star ||= range.star;
  }
  return { values: [...values].sort((a, b) => a - b), star };
}

function parseRange(part: string, { min, max, names }: FieldRule) {
  const [bounds = '', stepText, ...moreSteps] = part.split('/');
  const [low = '', high, ...moreBounds] = bounds.split('-');
  if (moreSteps.length > 0 || moreBounds.length > 0) return undefined;
  const step = stepText === undefined ? 1 : parseInteger(stepText);
  const isStar = low === '*' || low === '?';
  const from = isStar ? min : parseValue(low, names);
  // `5/10` goes on to the maximum.
  const last = high === undefined && stepText === undefined ? from : max;
  const to = isStar ? max : high === undefined ? last : parseValue(high, names);
  if (step === undefined || step === 0 || from === undefined || to === undefined) return undefined;
  if (from < min || to > max || from > to) return undefined;
  return { from, to, step, star: isStar && step === 1 };
}

function parseValue(text: string, names: string[] = []): number | undefined {
  const index = names.indexOf(text.toLowerCase());
  if (index === -1) return parseInteger(text);
  return names === MONTHS ? index + 1 : index;
}

function parseInteger(text: string): number | undefined {
  return /^\+?\d{1,9}$/.test(text) ? Number(text) : undefined;
}
