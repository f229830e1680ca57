import { isObject, JsonObject } from '../../manifest/json';
import { onceFor } from '../../manifest/memo';
import { PodTemplate } from '../../manifest/pod-template';

/** Metadata of an object, with its field path. */
export interface MetadataView {
  readonly json: JsonObject;
  readonly path: string;
}

/** The metadata of the object, of its pod template and, in a CronJob, of its jobs. */
export const metadataOf = onceFor(({ object, holder, path }: PodTemplate): MetadataView[] => {
  const views: MetadataView[] = [];
  const add = (json: unknown, at: string) => {
    if (isObject(json)) {
      views.push({ json, path: at });
    }
  };
  add(object.metadata, 'metadata');
  if (object.kind === 'CronJob') {
    add(object.spec.jobTemplate.metadata, 'spec.jobTemplate.metadata');
  }
  if (holder !== object) {
    add(holder.metadata, `${path.slice(0, -'spec'.length)}metadata`);
  }
  return views;
});
