import { helpersOf } from './beside';
import { ContainerView } from '../../manifest/containers';
import { isObject, textOf } from '../../manifest/json';
import { appContainer } from '../probes/app-container';
import { quote } from '../quote';
import { Pack, PodRule, Severity } from '../rule';

/** `tail` with its options and one file, alone or as the whole script of a shell. */
const TAIL = /^\s*(?:exec\s+)?tail\s+((?:-\S+\s+(?:\+?\d+\s+)?)+)([^\s|&;<>-][^\s|&;<>]*)\s*$/;

/** Helpers that do what the standard output does. */
export const singleLogFile: PodRule = {
  id: 'single-log-file',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: 'A helper that copies one log file to its standard output is not needed where the app can write there itself.',
  why: 'the line is written twice, to the file and to the log of the container, a volume can fill, and a container is paid for what the node does anyway',
  fix: 'let the app log to /dev/stdout: by its configuration, or by a link from the file to /dev/stdout in the image, as the images of nginx have',
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/logging/#streaming-sidecar-container',
  notApplicable: 'to helpers that read several files, change what they read, or send it elsewhere',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: logs, emptyDir: { sizeLimit: 64Mi } }]
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: logs, mountPath: /logs }] }
    - { name: log, image: "busybox:1.37.0", args: [tail, "-n+1", "-F", /logs/access.log], volumeMounts: [{ name: logs, mountPath: /logs, readOnly: true }] }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "shop/web:1.0", env: [{ name: LOG_FILE, value: /dev/stdout }] }
`,
  check({ template, containers }) {
    if (containers.length < 2) {
      return [];
    }
    const app = appContainer(template, containers);
    return app === undefined ? [] : helpersOf(containers, app).flatMap((helper) => {
      const file = tailedFile(helper);
      return file === undefined ? [] : [{ field: `${helper.path}.${isObject(helper.json) && helper.json.command ? 'command' : 'args'}`, fact: `${quote(file)} is copied to standard output, and nothing else` }];
    });
  },
};

function tailedFile({ json }: ContainerView): string | undefined {
  const words = [json.command, json.args].flatMap((list) => Array.isArray(list) ? list.map(textOf) : []);
  const isScript = /(?:^|\/)(?:sh|bash|ash|dash)$/.test(words[0] ?? '') && words[1] === '-c';
  const line = isScript ? words[2] : words.join(' ');
  const match = words.length === 0 ? null : TAIL.exec(line ?? '');
  return match && /-\S*[fF]/.test(match[1]) ? match[2] : undefined;
}
