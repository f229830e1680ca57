import { textOf } from '../../manifest/json';

/**
 * What an image is called without its registry, tag and digest: `bitnami/postgresql` of `docker.io/bitnami/postgresql:17`, and `nginx` of
 * `docker.io/library/nginx`. Of other registries the host stays: what they call nginx may be anything.
 */
export function repositoryOf(image: unknown): string {
  return textOf(image).replace(/@.*$/, '').replace(/:[^/]*$/, '').replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');
}
