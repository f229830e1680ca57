import { helpersOf } from './beside';
import { followedFiles, isOneFile } from './followed-files';
import { appContainer } from '../probes/app-container';
import { quote } from '../quote';
import { ObjectRule, Pack, Severity } from '../rule';

const KINDS = ['Pod', 'PodTemplate', 'Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

/** Helpers that do what the standard output does. */
export const singleLogFile: ObjectRule = {
  id: 'single-log-file',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  kinds: KINDS,
  keys: ['command', 'args'],
  summary: 'A helper that copies one log file to its standard output is not needed where the app can write there itself.',
  why: 'the line is written twice, to the file and to the log of the container, a volume can fill, and a container is paid for what the node does anyway',
  fix: 'let the app log to /dev/stdout: by its configuration, or by a link from the file to /dev/stdout in the image, as the images of nginx have',
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/logging/#streaming-sidecar-container',
  notApplicable: 'to pods in which more than one file is copied, so that each keeps a log of its own, to patterns such as `*.log`, and to helpers that change what they read or send it elsewhere',
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
  seen: 'On Kubernetes 1.33.13 the lines of the bad example were on the node twice, in the file and in the log of the helper; with a link from the file to /dev/stdout they were in the log of the app alone.',
  checkObject({ object, app }) {
    const template = app.templateOf(object);
    const containers = template ? app.containersOf(template) : [];
    if (!template || containers.length < 2) {
      return undefined;
    }
    const main = appContainer(template, containers);
    const followed = (main ? helpersOf(containers, main) : []).flatMap((helper) => (followedFiles(helper, template, app) ?? []).map((file) => ({ helper, file })));
    if (followed.length !== 1 || !isOneFile(followed[0].file)) {
      return [];
    }
    const [{ helper: { path, json }, file }] = followed;
    return [{ field: `${path}.${json.command ? 'command' : 'args'}`, fact: `${quote(file)} is copied to standard output, and nothing else` }];
  },
};
