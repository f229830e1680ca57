import { createHash } from 'crypto';
import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { PodPart } from './part';
import { SharedDirectory } from './shared-directory';

/** The volume behind a directory, as one pod has it. */
export interface SharedVolume {
  readonly volume: kplus.Volume;
  /** Where containers mount it: the directory itself, or one above it. */
  readonly mountPath: string;
  readonly subPath?: string;
  /** The directory that asked for the volume; undefined for a volume of the user's own. */
  readonly directory?: SharedDirectory;
  /** Whether a part writes into it; otherwise the app does. */
  writtenByPart: boolean;
}

const HOLDER = Symbol.for('cdk8s-pod-patterns.parts');

/**
 * The parts of one pod.
 *
 * Not a construct, and neither is a bound part: cdk8s sorts all constructs of an app at each synth, and an empty one costs
 * as much as an object.
 */
export class PartHolder {
  /** The holder of a pod; made at the first call. */
  public static of(pod: kplus.AbstractPod): PartHolder {
    const marked = pod as { [HOLDER]?: PartHolder };
    return (marked[HOLDER] ??= new PartHolder());
  }

  /** Volumes by the path of their directory. */
  public readonly shared = new Map<string, SharedVolume>();
  /** Notes of log readers that no rotator has seen yet. */
  public readonly notes: { readonly path: string; readonly volume: kplus.Volume }[] = [];
  // Lists: a pod has a handful of parts, and an app may have thousands of pods.
  private readonly bound: PodPart[] = [];
  private readonly volumeNames: { readonly name: string; readonly words: string }[] = [];

  /** Notes that a part is bound; two parts of one name are an error. */
  public add(part: PodPart, pod: kplus.AbstractPod): void {
    if (this.bound.some((other) => other.name === part.name)) {
      throw new Error(`${pod.node.path}: "${part.name}" is already the name of a part of this pod\n`
        + '  why: parts name containers, volumes and ConfigMaps, and a number added in silence would change with the order\n'
        + '  fix: give one of the two another `name`');
    }
    const missing = part._startAfter.find((predecessor) => !this.bound.includes(predecessor));
    if (missing) {
      throw new Error(`${pod.node.path}: startAfter: "${part.name}" starts after "${missing.name}", which is not bound to this pod yet\n`
        + '  why: native sidecars start in the order in which they were bound\n'
        + `  fix: bind "${missing.name}" first, or give both to a pattern pod, which sorts them`);
    }
    this.bound.push(part);
  }

  /** A volume name made of words, unique in this pod: words that clash get a hash. */
  public volumeName(words: string): string {
    const slug = words.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 50).replace(/-+$/, '');
    const taken = this.volumeNames.some((other) => other.name === slug && other.words !== words);
    const plainFits = slug.length > 0 && !taken && words.length <= 50;
    const name = plainFits ? slug : `${slug || 'volume'}-${createHash('sha256').update(words).digest('hex').slice(0, 8)}`;
    this.volumeNames.push({ name, words });
    return name;
  }
}

/** The name of the pod's object, for objects that belong to it. */
export function objectName(pod: kplus.AbstractPod): string {
  return ApiObject.of(pod).name;
}
