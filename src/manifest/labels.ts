import { isObject, JsonObject, objectsIn, textOf } from './json';

/** Labels as people write them, each as `key=value`. */
export function labelPairs(labels: unknown): string[] {
  return isObject(labels) ? Object.entries(labels).map(([key, value]) => `${key}=${textOf(value)}`) : [];
}

/** Whether labels have all of some others. */
export function hasLabels(labels: JsonObject, wanted: JsonObject): boolean {
  return Object.keys(wanted).every((key) => Object.hasOwn(labels, key) && textOf(labels[key]) === textOf(wanted[key]));
}

/**
 * Whether a selector with `matchLabels` and `matchExpressions` selects an object with these labels. An empty selector selects everything.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export function isSelectedBy(selector: JsonObject, labels: unknown): boolean {
  const own = isObject(labels) ? labels : {};
  return (!isObject(selector.matchLabels) || hasLabels(own, selector.matchLabels))
    && objectsIn(selector.matchExpressions).every((expression) => meets(expression, own));
}

function meets({ key, operator, values }: JsonObject, labels: JsonObject): boolean {
  // A key may be one that every object inherits.
  const value = Object.hasOwn(labels, textOf(key)) ? labels[textOf(key)] : undefined;
  const isOneOf = value !== undefined && Array.isArray(values) && values.includes(value);
  switch (operator) {
    case 'In': return isOneOf;
    case 'NotIn': return !isOneOf;
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    default: return false;
  }
}

/** A selector as kubectl writes it: `app=web,tier in (a,b)`. Of a Service the selector is the labels themselves. */
export function formatSelector(selector: JsonObject): string {
  const isPlain = selector.matchLabels === undefined && selector.matchExpressions === undefined;
  const expressions = objectsIn(selector.matchExpressions).map(({ key, operator, values }) =>
    `${textOf(key)} ${textOf(operator).toLowerCase()}${Array.isArray(values) ? ` (${values.map(textOf).join(',')})` : ''}`);
  return [...labelPairs(isPlain ? selector : selector.matchLabels), ...expressions].join(',');
}
