/** How finely the API server counts resources. */
const MILLIS_IN_ONE = 1000n;

/** The largest quantity with a binary suffix that Kubernetes keeps: it cuts larger ones. */
const LARGEST = (2n ** 63n - 1n) * MILLIS_IN_ONE;

const DECIMAL: { [suffix: string]: number } = { 'n': -9, 'u': -6, 'm': -3, '': 0, 'k': 3, 'M': 6, 'G': 9, 'T': 12, 'P': 15, 'E': 18 };

const BINARY: { [suffix: string]: number } = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** More digits are no amount of anything. */
const LONGEST_EXPONENT = 100;

/**
 * An amount of a resource in thousandths of its unit, core or byte, without the error of floating point numbers: for sums and comparisons that must be those of
 * Kubernetes. Undefined where it is no quantity.
 *
 * Like the API server it rounds up what is smaller than a thousandth.
 *
 * @see https://github.com/kubernetes/apimachinery/blob/v0.34.2/pkg/api/resource/quantity.go
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.2/pkg/apis/core/v1/defaults.go `SetDefaults_ResourceList`
 */
export function parseMillis(quantity: unknown): bigint | undefined {
  if (typeof quantity !== 'string' && typeof quantity !== 'number') {
    return undefined;
  }
  const match = /^([+-]?)(\d{0,100})\.?(\d{0,100})(?:[eE]([+-]?\d{1,4})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(quantity));
  if (!match || (match[2] === '' && match[3] === '')) {
    return undefined;
  }
  const [, sign, whole, fraction, exponent, suffix = ''] = match;
  const power = exponent !== undefined ? Number(exponent) : DECIMAL[suffix] ?? 0;
  if (Math.abs(power) > LONGEST_EXPONENT) {
    return undefined;
  }
  const digits = BigInt(whole + fraction) * 2n ** BigInt(BINARY[suffix] ?? 0);
  const amount = scaled(digits, power - fraction.length + 3);
  const capped = suffix in BINARY && amount > LARGEST ? LARGEST : amount;
  return sign === '-' ? -capped : capped;
}

/** A count times a power of ten, rounded up. */
function scaled(digits: bigint, power: number): bigint {
  if (power >= 0) {
    return digits * 10n ** BigInt(power);
  }
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor - 1n) / divisor;
}

/** Thousandths as a number of cores or bytes. */
export function fromMillis(millis: bigint): number {
  return Number(millis / MILLIS_IN_ONE) + Number(millis % MILLIS_IN_ONE) / 1000;
}
