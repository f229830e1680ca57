import * as kplus from 'cdk8s-plus-28';
import { PodPart } from './part';
import { quoted, refuse } from '../manifest/check-input';

/** Refuses to bind a part where it could not do its work, or would keep the app from ending. */
export function checkHost(part: PodPart, pod: unknown): void {
  if (!(pod instanceof kplus.AbstractPod)) {
    refuse(part.constructor.name, `bind: ${quoted(pod)} is not a pod or workload of cdk8s-plus-28`,
      'the part adds a container, and only a pod has containers',
      'bind it to a kplus.Pod, Deployment, StatefulSet, DaemonSet, Job or CronJob, or to a pattern pod');
  }
  if (part._nativeSidecar === false && isMeantToEnd(pod)) {
    refuse(`${pod.node.path}: part "${part.name}"`, `nativeSidecar: "false" in a ${pod.kind}${isJob(pod) ? '' : ` with restartPolicy ${pod.restartPolicy}`}`,
      `a regular container that runs for ever keeps the pod running when the app has ended: ${isJob(pod) ? 'the Job never completes' : 'it never succeeds'}`,
      'leave out `nativeSidecar: false`: the kubelet stops native sidecars after the app; a container that ends by itself is no part, add it with addContainer()');
  }
}

/** Whether the pod is done when its containers have ended; in the others they are started again. */
export function isMeantToEnd(pod: kplus.AbstractPod): boolean {
  return isJob(pod) || pod.restartPolicy !== kplus.RestartPolicy.ALWAYS;
}

function isJob(pod: kplus.AbstractPod): boolean {
  return pod instanceof kplus.Job || pod instanceof kplus.CronJob;
}
