import { onceForText } from '../../manifest/memo';
import { didYouMean, quote } from '../quote';

const DIGEST = /^[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,}$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const REPOSITORY_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** What nearly all images look like. */
const PLAIN = /^[a-z0-9]+(?:[./-][a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** What Istio replaces when the pod of a gateway is made, and what `ko resolve` replaces before anything is applied. */
const PUT_IN_LATER = /^(?:auto$|ko:\/\/)/;

/** What is wrong with an image, in the words of a finding. */
export interface ImageFacts {
  /** The name cannot be read. */
  readonly ofName?: string;
  /** The name can be read, and does not say which image it is. */
  readonly ofTag?: string;
}

const NOTHING: ImageFacts = {};

/** What is wrong with an image. */
export function factsOf(image: unknown): ImageFacts {
  if (image === undefined || image === null || image === '') {
    return { ofName: '"" is no image, and one is required' };
  }
  return typeof image === 'string' ? read(image) : { ofName: `${quote(image)} is not a string` };
}

const read = onceForText((image: string): ImageFacts => {
  if (PUT_IN_LATER.test(image) || (PLAIN.test(image) && !image.endsWith(':latest'))) {
    return NOTHING;
  }
  if (/\s/.test(image)) {
    return { ofName: `${quote(image)} has a blank${didYouMean(/\S\s+\S/.test(image) ? undefined : image.trim())}` };
  }
  const at = image.indexOf('@');
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  const repository = colon < 0 ? name : name.slice(0, colon);
  if ((digest !== undefined && !DIGEST.test(digest)) || (tag !== undefined && !TAG.test(tag)) || !isRepository(repository)) {
    return { ofName: `${quote(image)} is no image name${didYouMean(inLowerCase(image, repository))}` };
  }
  if (digest !== undefined || (tag !== undefined && tag !== 'latest')) {
    return NOTHING;
  }
  return { ofTag: `${quote(image)} ${tag === undefined ? 'has no tag, which means latest' : 'has the tag latest'}` };
});

function inLowerCase(image: string, repository: string): string | undefined {
  const lower = repository.toLowerCase();
  return lower !== repository && isRepository(lower) ? lower + image.slice(repository.length) : undefined;
}

/** The parts of the name; the first may be a registry, with a port. */
function isRepository(repository: string): boolean {
  const parts = repository.split('/');
  const hasRegistry = parts.length > 1 && (/[.:]/.test(parts[0]) || parts[0] === 'localhost' || parts[0] !== parts[0].toLowerCase());
  return parts.every((part, index) => (hasRegistry && index === 0 ? isRegistry(part) : REPOSITORY_PART.test(part)));
}

function isRegistry(part: string): boolean {
  return /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/.test(part);
}
