import { textOf } from '../../manifest/json';

/** The last word of an image's name, which is what it runs: `fluentd` of `docker.io/fluent/fluentd:v1.19`. */
export function programOf(image: unknown): string {
  return textOf(image).replace(/@.*$/, '').replace(/:[^/]*$/, '').replace(/^.*\//, '');
}
