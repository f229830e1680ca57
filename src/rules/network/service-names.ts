import { JsonObject, objectsIn, textOf } from '../../manifest/json';
import { isLabel, LABEL_LIMIT, toLabel } from '../names/dns';
import { didYouMean, quote } from '../quote';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** From this version on the name of a Service may begin with a digit (KEP-5311, beta). */
const DIGITS_FIRST = 36;

/** Services, and ports of them, that cannot be told apart or found by name. */
export const serviceNames: ObjectRule = {
  id: 'service-names',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  kinds: ['Service'],
  summary: 'A Service is named by a DNS label that begins with a letter, and each of several ports of it has a name, a number and protocol of its own.',
  why: 'the API server rejects a Service that cannot be a DNS name, and ports that nobody can tell apart',
  fix: 'name the Service with lower case letters, digits and "-", and each port by what it is for: http, metrics',
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services',
  notApplicable: 'to the one port of a Service, which needs no name; Kubernetes 1.36 and later take a digit at the beginning of the name',
  bad: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  ports:
    - { name: http, port: 80 }
    - { port: 9090 }
`,
  good: `
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  ports:
    - { name: http, port: 80 }
    - { name: metrics, port: 9090 }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.ports[1].name: Required value` and accepted the good one.',
  checkObject({ object: { metadata, spec }, target }) {
    const found: RuleFinding[] = [];
    const name = metadata?.name;
    if (typeof name === 'string' && !(isLabel(name) && (target.minor >= DIGITS_FIRST || /^[a-z]/.test(name)))) {
      found.push({ field: 'metadata.name', fact: `${quote(name)} ${problemOf(name)}${didYouMean(toLabel(name).replace(/^[-0-9]+/, ''))}` });
    }
    addPorts(objectsIn(spec?.ports), found);
    return found;
  },
};

function problemOf(name: string): string {
  if (name.length > LABEL_LIMIT) {
    return `has ${name.length} characters and may have ${LABEL_LIMIT}`;
  }
  return isLabel(name) ? 'begins with a digit' : 'is no DNS label (lower case letters, digits and "-")';
}

function addPorts(ports: readonly JsonObject[], found: RuleFinding[]): void {
  const names = new Map<string, number>();
  const numbers = new Map<string, number>();
  ports.forEach(({ name, port, protocol }, index) => {
    const place = `spec.ports[${index}]`;
    const problem = problemOfPortName(textOf(name), ports.length, firstOf(textOf(name), index, names));
    if (problem !== undefined) {
      found.push({ field: `${place}.name`, fact: `${quote(textOf(name))} ${problem}` });
    }
    const number = typeof port === 'number' ? `${port}/${textOf(protocol) || 'TCP'}` : '';
    const first = firstOf(number, index, numbers);
    if (first !== undefined && number !== '') {
      found.push({ field: `${place}.port`, fact: `${quote(number)} is already the port of ports[${first}]` });
    }
  });
}

function problemOfPortName(name: string, portCount: number, first: number | undefined): string | undefined {
  if (name === '') {
    return portCount > 1 ? 'is no name, and each of several ports needs one' : undefined;
  }
  if (!isLabel(name)) {
    return `${problemOf(name)}${didYouMean(toLabel(name))}`;
  }
  return first === undefined ? undefined : `is already the name of ports[${first}]`;
}

/** Where a text came before; it is remembered where it did not. */
function firstOf(text: string, index: number, seen: Map<string, number>): number | undefined {
  const first = seen.get(text);
  if (first === undefined) {
    seen.set(text, index);
  }
  return first;
}
