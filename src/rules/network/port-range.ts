import { Dial, dialsOf, isPort } from './dials';
import { JsonObject, objectsIn } from '../../manifest/json';
import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Port numbers that no socket can have. */
export const portRange: PodRule = {
  id: 'port-range',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['ports', 'httpGet', 'tcpSocket', 'grpc'],
  summary: 'Every port of a container, a probe or a lifecycle handler is a whole number from 1 to 65535.',
  why: 'the API server rejects a pod with any other port number',
  fix: 'give the number of the port on which the container listens, without quotes',
  source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports',
  notApplicable: 'to pods without ports, probes and lifecycle handlers',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 80800 }]
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports: [{ containerPort: 8080 }]
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `spec.containers[0].ports[0].containerPort: Invalid value: 80800: must be between 1 and 65535, inclusive` and accepted the good one.',
  check({ containers }) {
    const found: RuleFinding[] = [];
    let hasPorts = false;
    for (const { json, path } of containers) {
      const ports = objectsIn(json.ports);
      hasPorts ||= json.ports !== undefined;
      for (let index = 0; index < ports.length; index++) {
        judgeDeclared(ports[index], `${path}.ports[${index}]`, found);
      }
    }
    const dials = dialsOf(containers);
    for (let index = 0; index < dials.length; index++) {
      if (isOutOfRange(dials[index])) {
        found.push(dialFinding(dials[index]));
      }
    }
    return hasPorts || dials.length > 0 ? found : undefined;
  },
};

function judgeDeclared({ containerPort, hostPort }: JsonObject, path: string, found: RuleFinding[]): void {
  if (!isPort(containerPort)) {
    found.push({ field: `${path}.containerPort`, fact: factOf(containerPort) });
  }
  if ((hostPort ?? 0) !== 0 && !isPort(hostPort)) {
    found.push({ field: `${path}.hostPort`, fact: factOf(hostPort) });
  }
}

/** Names are left to another rule; only gRPC takes none. */
function isOutOfRange({ action, json }: Dial): boolean {
  return !isPort(json.port) && (action === 'grpc' || typeof json.port !== 'string');
}

function dialFinding({ path, json }: Dial): RuleFinding {
  return { field: `${path}.port`, fact: factOf(json.port) };
}

function factOf(port: unknown): string {
  if (port === undefined || port === null) {
    return '"" is no port, and one is required';
  }
  const asNumber = typeof port === 'string' && isPort(Number(port)) ? Number(port) : undefined;
  const shape = typeof port === 'number' ? 'is not a whole number from 1 to 65535' : 'is not a number';
  return `${quote(port)} ${shape}${didYouMean(asNumber)}`;
}
