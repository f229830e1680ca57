import { didYouMean, quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const DIGEST = /^[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,}$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const REPOSITORY_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** Images of which nobody can say what they are. */
export const imageTag: PodRule = {
  id: 'image-tag',
  severity: Severity.ERROR,
  pack: Pack.PRODUCTION,
  summary: 'Every image has a tag other than latest, or a digest.',
  why: 'without a fixed tag two nodes run different programs under one name, and a rollback brings the new one back; a name that cannot be read is never pulled (InvalidImageName)',
  fix: 'name the version that you tested, or the digest',
  source: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  notApplicable: 'to the tag of an image with a digest, which nobody reads',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "registry.example:5000/shop/web" }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: web, image: "registry.example:5000/shop/web:1.0" }
`,
  check({ containers }) {
    const found: RuleFinding[] = [];
    for (const { json, path } of containers) {
      const fact = knownFact(json.image);
      if (fact) {
        found.push({ field: `${path}.image`, fact });
      }
    }
    return found;
  },
};

/** An app has thousands of containers and few images. */
const known = new Map<string, string | undefined>();

const MOST_KNOWN = 1000;

function knownFact(image: unknown): string | undefined {
  if (typeof image === 'string' && known.has(image)) {
    return known.get(image);
  }
  const fact = factOf(image);
  if (typeof image === 'string' && known.size < MOST_KNOWN) {
    known.set(image, fact);
  }
  return fact;
}

function factOf(image: unknown): string | undefined {
  if (image === undefined || image === null || image === '') {
    return '"" is no image, and one is required';
  }
  if (typeof image !== 'string') {
    return `${quote(image)} is not a string`;
  }
  if (/\s/.test(image)) {
    return `${quote(image)} has a blank${didYouMean(/\S\s+\S/.test(image) ? undefined : image.trim())}`;
  }
  const at = image.indexOf('@');
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  const repository = colon < 0 ? name : name.slice(0, colon);
  if ((digest !== undefined && !DIGEST.test(digest)) || (tag !== undefined && !TAG.test(tag)) || !isRepository(repository)) {
    return `${quote(image)} is no image name${didYouMean(inLowerCase(image, repository))}`;
  }
  if (digest !== undefined || (tag !== undefined && tag !== 'latest')) {
    return undefined;
  }
  return `${quote(image)} ${tag === undefined ? 'has no tag, which means latest' : 'has the tag latest'}`;
}

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
