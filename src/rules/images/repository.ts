import { textOf } from '../../manifest/json';
import { onceForText } from '../../manifest/memo';

/**
 * What an image is called without its registry, tag and digest: `bitnami/postgresql` of `docker.io/bitnami/postgresql:17`, and `nginx` of
 * `docker.io/library/nginx`. Of other registries the host stays: what they call nginx may be anything.
 */
export function repositoryOf(image: unknown): string {
  return repositoryIn(textOf(image));
}

const repositoryIn = onceForText((image: string): string =>
  image.replace(/@.*$/, '').replace(/:[^/]*$/, '').replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, ''));
