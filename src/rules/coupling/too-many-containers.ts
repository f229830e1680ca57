import { sideBySide } from '../../manifest/containers';
import { textOf } from '../../manifest/json';
import { programOf } from '../images/program';
import { Pack, PodRule, Severity } from '../rule';

/** An app, its proxy, its log agent, its exporter and one more. */
const MOST = 5;

/** Pods that are more than one thing. */
export const tooManyContainers: PodRule = {
  id: 'too-many-containers',
  severity: Severity.WARNING,
  pack: Pack.GOLDEN,
  summary: `At most ${MOST} containers of a pod run side by side.`,
  why: 'the pod is as unready as the least ready of them, is placed only where all of them fit, and is stopped for an update of any of them',
  fix: 'see which of them need the app\'s volumes or its local network, and make the others workloads of their own',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#how-pods-manage-multiple-containers',
  notApplicable: 'to the sidecars of CSI drivers, which Kubernetes ships one by one and means to share a pod, and to init containers that end before the others start',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: shop }
spec:
  volumes: [{ name: data, emptyDir: { sizeLimit: 64Mi } }]
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: data, mountPath: /data }] }
    - { name: search, image: "shop/search:1.0", volumeMounts: [{ name: data, mountPath: /data }] }
    - { name: mailer, image: "shop/mailer:1.0", volumeMounts: [{ name: data, mountPath: /data }] }
    - { name: images, image: "shop/images:1.0", volumeMounts: [{ name: data, mountPath: /data }] }
    - { name: report, image: "shop/report:1.0", volumeMounts: [{ name: data, mountPath: /data }] }
    - { name: logs, image: "shop/logs:1.0", volumeMounts: [{ name: data, mountPath: /data, readOnly: true }] }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: shop }
spec:
  volumes: [{ name: data, emptyDir: { sizeLimit: 64Mi } }]
  containers:
    - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: data, mountPath: /data }] }
    - { name: logs, image: "shop/logs:1.0", volumeMounts: [{ name: data, mountPath: /data, readOnly: true }] }
`,
  check({ template, containers }) {
    if (containers.length <= MOST) {
      return [];
    }
    const length = sideBySide(containers).filter(({ json }) => !isCsiSidecar(json.image)).length;
    return length <= MOST ? [] : [{ field: `${template.path}.containers`, fact: `"${length}" containers run side by side` }];
  },
};

/**
 * Whether an image is that of a helper of a storage driver.
 *
 * @see https://kubernetes-csi.github.io/docs/sidecar-containers.html
 */
function isCsiSidecar(image: unknown): boolean {
  return /(?:^|\/)sig-storage\//.test(textOf(image)) || /^(?:csi-|livenessprobe$)/.test(programOf(image));
}
