import { factsOf } from './image-facts';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Images that no container runtime can pull. */
export const imageName: PodRule = {
  id: 'image-name',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  summary: 'Every container has an image, and its name can be read.',
  why: 'the API server refuses a container without an image, and the kubelet never pulls one whose name cannot be read: the pod stays in InvalidImageName for ever',
  fix: 'write the name as `registry/repository:tag`; all of the repository is lowercase',
  source: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  notApplicable: 'to whether the image is there, which only a registry knows, and to `ko://…`, which ko replaces before the manifest is applied',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "Shop/Web:1.0" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0" }
`,
  seen: 'On Kubernetes 1.33.13 the bad example was accepted and its pod stayed in InvalidImageName: "repository name (library/BusyBox) must be lowercase". With the name in small letters it ran.',
  check({ containers }) {
    const found: RuleFinding[] = [];
    for (const { json, path } of containers) {
      const fact = factsOf(json.image).ofName;
      if (fact) {
        found.push({ field: `${path}.image`, fact });
      }
    }
    return found;
  },
};
