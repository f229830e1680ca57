import { isWithin, mountOf, writtenPathsOf, WrittenPath } from './known-images';
import { mountPoint, mountsOf } from './mounts';
import { ContainerView } from '../../manifest/containers';
import { isObject, objectsIn } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Programs that cannot start because they cannot write. */
export const readOnlyRootWithoutMount: PodRule = {
  id: 'read-only-root-without-mount',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['readOnlyRootFilesystem'],
  summary: 'Where the root file system is read-only, what the program of a known image must write is a mount.',
  why: 'the program ends with "read-only file system" as soon as it starts',
  fix: 'mount an emptyDir with a `sizeLimit` there',
  source: 'https://github.com/nginx/docker-nginx-unprivileged#common-issues',
  notApplicable: 'to images that it does not know, and to containers with a command, arguments or a configuration of their own, which may write elsewhere',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "nginxinc/nginx-unprivileged:1.30.4"
      securityContext: { readOnlyRootFilesystem: true }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "nginxinc/nginx-unprivileged:1.30.4"
      securityContext: { readOnlyRootFilesystem: true }
      volumeMounts: [{ name: tmp, mountPath: /tmp }]
  volumes: [{ name: tmp, emptyDir: { sizeLimit: 64Mi } }]
`,
  seen: 'On Kubernetes 1.33.13 nginx ended with status 1 and "mkdir() "/tmp/proxy_temp" failed (30: Read-only file system)", again and again; with the emptyDir at /tmp it was ready.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      const { securityContext, image } = container.json;
      if (!isObject(securityContext) || securityContext.readOnlyRootFilesystem !== true) {
        continue;
      }
      for (const written of writtenPathsOf(container)) {
        found ??= [];
        if (!canWrite(container, written)) {
          found.push({ field: `${container.path}.securityContext.readOnlyRootFilesystem`, fact: `"true" keeps ${quote(image)} from writing ${written.what} to ${written.paths[0]}, where nothing is mounted` });
        }
      }
    }
    return found;
  },
};

/** Whether a path, or something in it, is mounted, or the program may have been told to write elsewhere. */
function canWrite(container: ContainerView, { paths, config, variable }: WrittenPath): boolean {
  return paths.some((path) => mountOf(container, path) !== undefined)
    || mountsOf(container).some((mount) => {
      const point = mountPoint(mount);
      return point !== undefined && (paths.some((path) => isWithin(point, path)) || (config !== undefined && (isWithin(config, point) || isWithin(point, config))));
    })
    || (variable !== undefined && objectsIn(container.json.env).some(({ name }) => name === variable));
}
