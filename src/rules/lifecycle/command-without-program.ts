import { handlersOf } from './handlers';
import { ContainerView } from '../../manifest/containers';
import { isObject, objectsIn } from '../../manifest/json';
import { hasNoShell, toolOf } from '../images/shell-less';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

/** Commands of programs that the image does not have. */
export const commandWithoutProgram: PodRule = {
  id: 'command-without-program',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  keys: ['command'],
  summary: 'An image that holds only its own program is not asked to run a shell, `sleep` or `curl`.',
  why: 'the program is not there: a failed preStop is skipped, so that TERM comes at once and nothing is drained; a failed postStart or liveness probe kills the container again and again; a failed readiness probe keeps it out of its Services',
  fix: 'use `sleep`, `httpGet`, `tcpSocket` or `grpc`, which need no program; or take the variant of the image with a shell',
  source: 'https://github.com/kubernetes-csi/node-driver-registrar/issues/81',
  notApplicable: 'to images that it does not know to be without a shell, to tags of a variant with one (`debug`, `alpine`…), to images known by digest only, to programs outside of /bin and /usr/bin, which may be mounted, and where `PATH` is set',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "gcr.io/distroless/static-debian12:nonroot"
      lifecycle: { preStop: { exec: { command: [sh, -c, "sleep 5"] } } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "gcr.io/distroless/static-debian12:nonroot"
      lifecycle: { preStop: { sleep: { seconds: 5 } } }
`,
  seen: 'On Kubernetes 1.33.13 the preStop of the bad example failed with the event "FailedPreStopHook" and was skipped: an app that ends at TERM was gone within a second. With that of the good example it got TERM five seconds later.',
  check({ containers }) {
    let found: RuleFinding[] | undefined;
    for (const container of containers) {
      if (hasNoShell(container.json.image)) {
        found ??= [];
        const tool = setsPath(container) ? undefined : toolOf(container.json.command);
        if (tool !== undefined) {
          found.push(findingOf(tool, `${container.path}.command`, container));
        }
      }
    }
    for (const { container, json, path } of found ? handlersOf(containers) : []) {
      const tool = isObject(json.exec) ? toolOf(json.exec.command) : undefined;
      if (tool !== undefined && hasNoShell(container.json.image) && !setsPath(container)) {
        found!.push(findingOf(tool, `${path}.exec.command`, container));
      }
    }
    return found;
  },
};

function setsPath({ json }: ContainerView): boolean {
  return objectsIn(json.env).some(({ name }) => name === 'PATH');
}

function findingOf(tool: string, field: string, { json }: ContainerView): RuleFinding {
  return { field, fact: `${quote(tool)} is not in the image ${quote(json.image)}` };
}
