/** Whether an object with these labels is selected. */
export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;

const VALUE = '(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?';
const NAME = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const KEY = `(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?${NAME}`;

const EXISTENCE = new RegExp(`^(!?)\\s*(${KEY})$`);
const EQUALITY = new RegExp(`^(${KEY})\\s*(==?|!=)\\s*(${VALUE})$`);
const MEMBERSHIP = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(\\s*(${VALUE}(?:\\s*,\\s*${VALUE})*)\\s*\\)$`);
/** Commas between requirements, and not those within parentheses. */
const SEPARATOR = /,(?![^()]*\))/;

/**
 * Matches the labels of an object as the API server does. Undefined for a selector that this function does not know: whether
 * it is valid is for the cluster to say.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseLabelSelector(selector: string): LabelMatcher | undefined {
  if (selector === '') return () => true;
  const requirements = selector.split(SEPARATOR).map((text) => parseRequirement(text.trim()));
  const known = requirements.filter((requirement) => requirement !== undefined);
  if (known.length < requirements.length) return undefined;
  return (labels) => known.every((requirement) => requirement(labels));
}

function parseRequirement(text: string): LabelMatcher | undefined {
  const [, not, existing] = EXISTENCE.exec(text) ?? [];
  // The first two match the pattern of a key too.
  if (existing !== undefined && existing !== 'in' && existing !== 'notin') {
    return not ? (labels) => !Object.hasOwn(labels, existing) : (labels) => Object.hasOwn(labels, existing);
  }
  const [, key = '', operator, value] = EQUALITY.exec(text) ?? [];
  if (operator === '!=') return (labels) => labelValue(labels, key) !== value;
  if (operator !== undefined) return (labels) => labelValue(labels, key) === value;
  const [, listed = '', membership, list = ''] = MEMBERSHIP.exec(text) ?? [];
  if (membership === undefined) return undefined;
  const values = new Set<string | undefined>(list.split(',').map((each) => each.trim()));
  return membership === 'in'
    ? (labels) => values.has(labelValue(labels, listed))
    : (labels) => !values.has(labelValue(labels, listed));
}

/** Undefined if there is no such label, which no value of a selector equals. */
function labelValue(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
