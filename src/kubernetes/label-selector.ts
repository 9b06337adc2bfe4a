/** Whether an object with these labels is selected. */
export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

/** Space as the API server takes it, or an operator, or a word. No part of it can match the same text in two ways. */
const TOKEN = /[ \t\r\n]+|[=!]+|[(),]|[^ \t\r\n=!(),]+/g;
const SPACE = /^[ \t\r\n]/;

const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const MAX_PREFIX_LENGTH = 253;
/** A selector of more is left to the cluster: each is compared with each object. */
const MAX_REQUIREMENTS = 20;

/**
 * Matches the labels of an object as the API server does. Undefined for a selector that this function does not know: whether
 * it is valid is for the cluster to say. The time that it takes grows with the length of the selector alone.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseLabelSelector(selector: string): LabelMatcher | undefined {
  if (selector === '') return () => true;
  const separated = requirementsIn(selector);
  if (separated.length > MAX_REQUIREMENTS) return undefined;
  const requirements = separated.map(parseRequirement);
  const known = requirements.filter((requirement) => requirement !== undefined);
  if (known.length < requirements.length) return undefined;
  return (labels) => known.every((requirement) => requirement(labels));
}

/** The tokens of each requirement: those between commas that are not within parentheses. */
function requirementsIn(selector: string): string[][] {
  let requirement: string[] = [];
  const requirements = [requirement];
  let isList = false;
  for (const token of selector.match(TOKEN) ?? []) {
    if (SPACE.test(token)) continue;
    if (token === '(') isList = true;
    else if (token === ')') isList = false;
    if (token === ',' && !isList) {
      requirement = [];
      requirements.push(requirement);
    } else requirement.push(token);
  }
  return requirements;
}

function parseRequirement([first = '', ...tokens]: string[]): LabelMatcher | undefined {
  if (first === '!') {
    const [key = ''] = tokens;
    return isKey(key) && !isMembership(key) && tokens.length === 1
      ? (labels) => !Object.hasOwn(labels, key)
      : undefined;
  }
  if (!isKey(first)) return undefined;
  if (tokens.length === 0) {
    return isMembership(first) ? undefined : (labels) => Object.hasOwn(labels, first);
  }
  const [operator = '', ...operands] = tokens;
  if (isMembership(operator)) return parseMembership(first, operator, operands);
  const [value = '', ...others] = operands;
  if (!VALUE.test(value) || others.length > 0) return undefined;
  if (operator === '!=') return (labels) => labelValue(labels, first) !== value;
  if (operator === '=' || operator === '==') return (labels) => labelValue(labels, first) === value;
  return undefined;
}

function parseMembership(key: string, operator: string, operands: string[]): LabelMatcher | undefined {
  if (operands[0] !== '(' || operands.at(-1) !== ')') return undefined;
  const values = new Set<string | undefined>();
  let value: string | undefined;
  for (const token of [...operands.slice(1, -1), ',']) {
    if (token === ',') {
      values.add(value ?? '');
      value = undefined;
    } else if (value !== undefined || !VALUE.test(token)) return undefined;
    else value = token;
  }
  return operator === 'in'
    ? (labels) => values.has(labelValue(labels, key))
    : (labels) => !values.has(labelValue(labels, key));
}

function isMembership(word: string): boolean {
  return word === 'in' || word === 'notin';
}

/** A name, after a DNS subdomain and a slash if it has a prefix. */
function isKey(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash === -1) return NAME.test(text);
  const prefix = text.slice(0, slash);
  if (prefix.length > MAX_PREFIX_LENGTH) return false;
  return prefix.split('.').every((label) => DNS_LABEL.test(label)) && NAME.test(text.slice(slash + 1));
}

/** Undefined if there is no such label, which no value of a selector equals. */
function labelValue(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
