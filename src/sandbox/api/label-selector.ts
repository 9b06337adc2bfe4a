import { labelValueProblems, qualifiedNameProblems } from '../label-syntax.ts';
import { badRequest } from '../status.ts';

export type Labels = Record<string, string>;

const OPERATORS = ['in', 'notin', '=', '==', '!=', '>', '<'];
/** As Kubernetes lists them. */
const EXPECTED = 'in, notin, =, ==, !=, gt, lt';
const END = '';

/** The test of a label selector, parsed by the rules of k8s.io/apimachinery/pkg/labels; 400 for an invalid one. */
export function labelSelector(text: string): (labels: Labels) => boolean {
  const tests = new Parser(text).requirements();
  return (labels) => tests.every((test) => test(labels));
}

/** Special symbols and words; of adjacent symbols the longest that means something is one token. */
function tokensOf(text: string): string[] {
  return [...(text.match(/==|!=|[=!(),<>]|[^=!(),<> \t\r\n]+/g) ?? []), END];
}

function isWord(token: string): boolean {
  return token !== END && !/^[=!(),<>]/.test(token);
}

class Parser {
  readonly #tokens: string[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  requirements(): ((labels: Labels) => boolean)[] {
    const found = [];
    if (this.#peek() === END) return [];
    if (!isWord(this.#peek()) && this.#peek() !== '!') {
      throw badRequest(`found '${this.#peek()}', expected: !, identifier, or 'end of string'`);
    }
    for (;;) {
      found.push(this.#requirement());
      const separator = this.#take();
      if (separator === END) return found;
      if (separator !== ',') throw badRequest(`found '${separator}', expected: ',' or 'end of string'`);
      if (isWord(this.#peek()) || this.#peek() === '!') continue;
      throw badRequest(`found '${this.#peek()}', expected: identifier after ','`);
    }
  }

  #peek(): string {
    return this.#tokens[this.#next] ?? END;
  }

  #take(): string {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #requirement(): (labels: Labels) => boolean {
    const isNegated = this.#peek() === '!';
    if (isNegated) this.#take();
    const key = this.#take();
    if (!isWord(key)) throw unparsed(`found '${key}', expected: identifier`);
    const problems = qualifiedNameProblems(key);
    if (problems.length > 0) throw unparsed(invalid('<nil>', key, problems));
    if (isNegated) return (labels) => !Object.hasOwn(labels, key);
    if ([END, ','].includes(this.#peek())) return (labels) => Object.hasOwn(labels, key);
    const operator = this.#take();
    if (!OPERATORS.includes(operator)) throw unparsed(`found '${operator}', expected: ${EXPECTED}`);
    const values = operator.endsWith('in') ? this.#list() : [this.#value()];
    return requirement(key, operator, values);
  }

  /** The values in parentheses: an empty place is the empty value. */
  #list(): string[] {
    const open = this.#take();
    if (open !== '(') throw unparsed(`found '${open}' expected: '('`);
    const values = [];
    for (;;) {
      const value = isWord(this.#peek()) ? this.#take() : '';
      values.push(value);
      const separator = this.#take();
      if (separator === ')') return [...new Set(values)].sort();
      if (separator !== ',') throw unparsed(`found '${separator}', expected: ',' or ')'`);
    }
  }

  #value(): string {
    if ([END, ','].includes(this.#peek())) return '';
    const value = this.#take();
    if (!isWord(value)) throw unparsed(`found '${value}', expected: identifier`);
    return value;
  }
}

function requirement(key: string, operator: string, values: string[]): (labels: Labels) => boolean {
  const isOrder = operator === '>' || operator === '<';
  const problems = [
    ...(isOrder && !isInteger(values[0])
      ? [invalid('values[0]', values[0], ["for 'Gt', 'Lt' operators, the value must be an integer"])]
      : []),
    ...values.flatMap((value, i) => {
      const wrong = labelValueProblems(value);
      return wrong.length > 0 ? [invalid(`values[${i}][${key}]`, value, wrong)] : [];
    }),
  ];
  if (problems.length > 0) throw unparsed(problems.length > 1 ? `[${problems.join(', ')}]` : problems.join());
  return (labels) => {
    const label = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (isOrder) {
      if (label === undefined || !isInteger(label)) return false;
      const [actual, limit] = [BigInt(label), BigInt(values[0] ?? '')];
      return operator === '>' ? actual > limit : actual < limit;
    }
    const isListed = label !== undefined && values.includes(label);
    return isListed !== ['notin', '!='].includes(operator);
  };
}

/** Of 64 bits. */
function isInteger(text = ''): boolean {
  return /^[-+]?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function invalid(path: string, value: unknown, problems: string[]): string {
  return `${path}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`;
}

function unparsed(why: string) {
  return badRequest(`unable to parse requirement: ${why}`);
}
