import { appsIn, declaration, unknownContainer, wordsOf } from './declared-owners';
import { RELEASED_BY_ANNOTATION } from '../../manifest/annotations';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Containers of different owners in one pod. */
export const releasedSeparately: PodRule = {
  id: 'released-separately',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: [RELEASED_BY_ANNOTATION],
  summary: `The containers of a pod are released together (\`${RELEASED_BY_ANNOTATION}: <container>=<team>[,<container>=<team>]\` names one team).`,
  why: 'a pod is replaced as a whole: each release of one team restarts the containers of the other, and a fault of one rolls both back',
  fix: 'make what another team releases a workload of its own, or let one team release the pod',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement',
  notApplicable: 'to pods without the annotation, and to who releases native sidecars, init containers and images known as helpers',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: shop, annotations: { pod-patterns/released-by: "web=shop,search=catalogue" } }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
    - { name: search, image: "shop/search:1.0", ports: [{ containerPort: 8081 }] }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: shop, annotations: { pod-patterns/released-by: "web=shop,proxy=shop" } }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", ports: [{ containerPort: 8080 }] }
    - { name: proxy, image: "shop/proxy:1.0", ports: [{ containerPort: 8081 }] }
`,
  check({ template, containers }) {
    const said = declaration(template, RELEASED_BY_ANNOTATION);
    if (!said) {
      return undefined;
    }
    const apps = appsIn(containers);
    const teams = new Set<string>();
    const found: RuleFinding[] = [];
    for (const word of wordsOf(said.text)) {
      const [name, team] = word.split('=').map((part) => part.trim());
      if (!team) {
        found.push({ field: said.field, fact: `${quote(word)} names no team`, fix: 'write `<container>=<team>`' });
      } else if (!containers.some((container) => container.name === name)) {
        found.push(unknownContainer(said.field, name, containers));
      } else if (apps.some((container) => container.name === name)) {
        teams.add(team);
      }
    }
    return teams.size < 2 ? found : [...found, { field: said.field, fact: `${quote(said.text)} names ${teams.size} teams for one pod` }];
  },
};
