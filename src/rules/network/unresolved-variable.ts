import { JsonObject, objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** `$(NAME)`; a second dollar before it makes it plain text. */
const REFERENCE = /(\$+)\(([A-Z_][A-Z0-9_]*)\)/g;

/** What service links bring: `CATALOG_SERVICE_HOST`, `CATALOG_PORT_8080_TCP_ADDR`. */
const SERVICE_LINK = /_SERVICE_HOST$|_SERVICE_PORT(?:_|$)|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_|$)|$)/;

/** Values of variables that name variables which do not exist yet, or never. */
export const unresolvedVariable: PodRule = {
  id: 'unresolved-variable',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['env', 'command', 'args'],
  summary: 'A variable that refers to another one with `$(NAME)` stands after it.',
  why: 'the kubelet goes through the list once, from above: what is defined below, or in the image only, stays in the value as the plain text `$(NAME)`, and nobody says so',
  fix: 'move the variable above the one that refers to it, or define it; where the plain text is meant, write `$$(NAME)`',
  source: 'https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/',
  notApplicable: 'to values without `$(NAME)` in capitals, to names that `envFrom` or the links to Services may bring',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env:
        - { name: DB_URL, value: "postgres://$(DB_HOST)/shop" }
        - { name: DB_HOST, value: 127.0.0.1 }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      env:
        - { name: DB_HOST, value: 127.0.0.1 }
        - { name: DB_URL, value: "postgres://$(DB_HOST)/shop" }
`,
  seen: 'On Kubernetes 1.33.13 the container of the bad example had `postgres://$(DB_HOST)/shop` for the value, that of the good one `postgres://127.0.0.1/shop`.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const { json, path } of containers) {
      const variables = objectsIn(json.env);
      let places: Map<unknown, number> | undefined;
      for (let index = 0; index < variables.length; index++) {
        const { value } = variables[index];
        if (typeof value === 'string' && value.includes('$(')) {
          found ??= [];
          places ??= placesOf(variables);
          for (const fact of factsOf(value, index, places, json)) {
            found.push({ field: `${path}.env[${index}].value`, fact });
          }
        }
      }
    }
    return found;
  },
};

/** By name: where a variable is defined first. */
function placesOf(variables: readonly JsonObject[]): Map<unknown, number> {
  const places = new Map<unknown, number>();
  variables.forEach(({ name }, index) => places.has(name) || places.set(name, index));
  return places;
}

function factsOf(value: string, index: number, places: ReadonlyMap<unknown, number>, container: JsonObject): string[] {
  const facts = new Set<string>();
  for (const [, dollars, name] of value.matchAll(REFERENCE)) {
    // Each pair of dollars is one that is meant.
    if (dollars.length % 2 === 1) {
      const fact = factOf(name, index, places, container);
      if (fact !== undefined) {
        facts.add(fact);
      }
    }
  }
  return [...facts];
}

function factOf(name: string, index: number, places: ReadonlyMap<unknown, number>, { envFrom }: JsonObject): string | undefined {
  const at = places.get(name) ?? -1;
  const reference = quote(`$(${name})`);
  if ((at >= 0 && at < index) || objectsIn(envFrom).length > 0 || SERVICE_LINK.test(name)) {
    return undefined;
  }
  if (at === index) {
    return `${reference} is the variable itself, which the image may define and the kubelet does not know`;
  }
  return at < 0 ? `${reference} is no variable of this container` : `${reference} is defined below, by env[${at}]`;
}
