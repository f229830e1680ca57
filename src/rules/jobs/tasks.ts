import { JsonObject } from '../../manifest/json';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';

/** The spec of the Job around a pod: of the object itself, or of what a CronJob makes; undefined for other objects. */
export function jobOf({ object }: PodTemplate): { readonly spec: JsonObject; readonly path: string } | undefined {
  if (object.kind === 'Job') {
    return { spec: object.spec, path: 'spec' };
  }
  return object.kind === 'CronJob' ? { spec: object.spec.jobTemplate.spec, path: 'spec.jobTemplate.spec' } : undefined;
}

/** Whether a pod is done when its containers have ended: that of a Job, and one whose containers are not always started again. */
export const isMeantToEnd = onceFor((template: PodTemplate): boolean => jobOf(template) !== undefined
  || (template.object.kind === 'Pod' && ['Never', 'OnFailure'].includes(template.spec.restartPolicy)));

/** Whether a value is a deadline. */
export function isDeadline(seconds: unknown): boolean {
  return typeof seconds === 'number' && seconds > 0;
}
