import { JsonObject, objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** One port of a container, declared twice. */
export const repeatedPort: PodRule = {
  id: 'repeated-port',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  looksAtMakeOnly: true,
  keys: ['ports'],
  summary: 'A container declares each port and protocol once, and gives each port name once.',
  why: 'port and protocol are the key of the list: server-side apply refuses a key that comes twice, other tools update only one of the two; the API server rejects a name that comes twice',
  fix: 'keep one of the two entries, or change the number of the wrong one',
  source: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy',
  notApplicable: 'to pods in which no container declares two ports',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports:
        - { name: http, containerPort: 8080 }
        - { name: metrics, containerPort: 8080 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      ports:
        - { name: http, containerPort: 8080 }
        - { name: metrics, containerPort: 9090 }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused a server-side apply of the bad example with `duplicate entries for key [containerPort=8080,protocol="TCP"]`, and created it with a warning otherwise; the good one it accepted either way.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      const ports = objectsIn(container.json.ports);
      if (ports.length > 1) {
        addRepetitions(ports, `${container.path}.ports`, found ??= []);
      }
    }
    return found;
  },
};

function addRepetitions(ports: JsonObject[], path: string, found: RuleFinding[]): void {
  const numbers = new Map<string, number>();
  const names = new Map<string, number>();
  ports.forEach(({ containerPort, protocol, name }, index) => {
    if (typeof containerPort === 'number') {
      const key = `${containerPort}/${typeof protocol === 'string' ? protocol : 'TCP'}`;
      const first = numbers.get(key) ?? index;
      numbers.set(key, first);
      if (first !== index) {
        found.push({ field: `${path}[${index}].containerPort`, fact: `${quote(key)} is already declared by ports[${first}]` });
      }
    }
    if (typeof name === 'string' && name !== '') {
      const first = names.get(name) ?? index;
      names.set(name, first);
      if (first !== index) {
        found.push({ field: `${path}[${index}].name`, fact: `${quote(name)} is already the name of ports[${first}]` });
      }
    }
  });
}
