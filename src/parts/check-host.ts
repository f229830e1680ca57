import * as kplus from 'cdk8s-plus-28';
import { PodPart } from './part';
import { quoted, refuse } from '../manifest/check-input';

/** Refuses to bind a part to anything but a pod or workload of cdk8s-plus. */
export function checkHost(part: PodPart, pod: unknown): void {
  if (!(pod instanceof kplus.AbstractPod)) {
    refuse(part.constructor.name, `bind: ${quoted(pod)} is not a pod or workload of cdk8s-plus-28`,
      'the part adds a container, and only a pod has containers',
      'bind it to a kplus.Pod, Deployment, StatefulSet, DaemonSet, Job or CronJob, or to a pattern pod');
  }
}
