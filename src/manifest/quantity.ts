import { onceForText } from './memo';

/**
 * Kubernetes quantities: `250m`, `64Mi`, `1.5G`, `1e3`.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
const SUFFIXES: { [suffix: string]: number } = {
  'n': 1e-9,
  'u': 1e-6,
  'm': 1e-3,
  '': 1,
  'k': 1e3,
  'M': 1e6,
  'G': 1e9,
  'T': 1e12,
  'P': 1e15,
  'E': 1e18,
  'Ki': 2 ** 10,
  'Mi': 2 ** 20,
  'Gi': 2 ** 30,
  'Ti': 2 ** 40,
  'Pi': 2 ** 50,
  'Ei': 2 ** 60,
};

/** The value in base units (cores, bytes); undefined where it is no quantity. */
export function parseQuantity(quantity: unknown): number | undefined {
  if (typeof quantity === 'string') {
    return parse(quantity);
  }
  return typeof quantity === 'number' ? parse(String(quantity)) : undefined;
}

const parse = onceForText((quantity: string): number | undefined => {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(quantity);
  if (!match) {
    return undefined;
  }
  return match[2] ? Number(match[1] + match[2]) : Number(match[1]) * SUFFIXES[match[3] ?? ''];
});

const BINARY_UNITS = ['Pi', 'Ti', 'Gi', 'Mi', 'Ki'];

/** Writes whole bytes in the largest binary unit that keeps them exact: 524288 is `512Ki`. */
export function formatBytes(amount: number): string {
  const bytes = Math.ceil(amount);
  for (const unit of BINARY_UNITS) {
    if (bytes !== 0 && bytes % SUFFIXES[unit] === 0) {
      return `${bytes / SUFFIXES[unit]}${unit}`;
    }
  }
  return `${bytes}`;
}
