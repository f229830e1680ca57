/**
 * Whether an image names the host that it comes from: a first segment with a "." or ":", or `localhost`.
 *
 * @see https://github.com/distribution/reference/blob/main/normalize.go
 */
export function hasRegistry(image: string): boolean {
  const slash = image.indexOf('/');
  return slash > 0 && isHost(image.slice(0, slash));
}

/** Whether a text can be the host in the name of an image: elsewhere it would be read as part of the path. */
export function isHost(text: string): boolean {
  return /[.:]/.test(text) || text === 'localhost' || text !== text.toLowerCase();
}

/** Whether an image is meant to stay what it is: it has a digest, or a tag other than `latest`. */
export function isFixed(image: string): boolean {
  if (image.includes('@')) {
    return true;
  }
  const colon = image.indexOf(':', image.lastIndexOf('/') + 1);
  return colon >= 0 && image.slice(colon + 1) !== 'latest';
}
