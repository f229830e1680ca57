import { textOf } from '../../manifest/json';
import { onceForText } from '../../manifest/memo';

/** The last word of an image's name, which is what it runs: `fluentd` of `docker.io/fluent/fluentd:v1.19`. */
export function programOf(image: unknown): string {
  return programIn(textOf(image));
}

const programIn = onceForText((text: string): string => {
  const at = text.indexOf('@');
  const slash = text.lastIndexOf('/', at < 0 ? text.length : at);
  const colon = text.indexOf(':', slash + 1);
  return text.slice(slash + 1, colon >= 0 && (at < 0 || colon < at) ? colon : at < 0 ? text.length : at);
});
