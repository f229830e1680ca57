import { factsOf } from './image-facts';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Images of which nobody can say what they are. */
export const imageTag: PodRule = {
  id: 'image-tag',
  severity: Severity.ERROR,
  pack: Pack.PRODUCTION,
  summary: 'Every image has a tag other than latest, or a digest.',
  why: 'without a fixed tag two nodes run different programs under one name, and a rollback brings the new one back',
  fix: 'name the version that you tested, or the digest',
  source: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  notApplicable: 'to the tag of an image with a digest, which nobody reads, to names that image-name refuses, and to what is replaced later: the image `auto`, by Istio, and `ko://…`, by ko',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "registry.example:5000/shop/web" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "registry.example:5000/shop/web:1.0" }
`,
  seen: 'The API server of Kubernetes 1.33.13 gave a container without a tag `imagePullPolicy: Always`, so that each start takes what the registry has under the name then, and one with the tag 1.37.0 `IfNotPresent`.',
  check({ containers }) {
    const found: RuleFinding[] = [];
    for (const { json, path } of containers) {
      const fact = factsOf(json.image).ofTag;
      if (fact) {
        found.push({ field: `${path}.image`, fact });
      }
    }
    return found;
  },
};
