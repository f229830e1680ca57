import * as kplus from 'cdk8s-plus-28';
import { allowKind, FLAG, requireUser } from '../../manifest/check-input';
import { BindOptions, BoundPart, PodPart } from '../part';
import { PartHost } from '../part-host';
import { addProgram, mountProgram, ProgramContainer, PROGRAM_RESOURCES, PROGRAM_USER, PYTHON_IMAGE } from '../programs/program';

/** What every part takes whose container ends before the app starts. */
export interface InitPartOptions {
  /**
   * Parts that come before this one: init parts have ended, native sidecars have started, and are there to be used.
   *
   * Without it the order is that in which parts are bound. A part that needs what this one does names it in its own `startAfter`: what
   * was bound before this one runs already, also a sidecar that reads what this one writes.
   *
   * @default - the order in which parts are bound
   */
  readonly startAfter?: PodPart[];
}

/** What every ready-made part takes whose container ends before the app starts. */
export interface ReadyMadeInitOptions extends InitPartOptions {
  /**
   * Name of the part and of its container: a DNS label of at most 40 characters.
   *
   * @default - what the part does, such as `wait-for`
   */
  readonly name?: string;

  /**
   * Numeric user and group.
   *
   * @default - those of the app, where it is there and has a numeric user that is not root, so that it owns what this part writes; else 1000
   */
  readonly user?: number;

  /**
   * Requests and limits. A pod asks for the largest of its init containers and not for their sum, so that they seldom cost anything.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
   * @default - 20m/32Mi, limits 500m/64Mi
   */
  readonly resources?: kplus.ContainerResources;
}

/** What parts take that write a directory for the app. */
export interface InitWriterOptions {
  /**
   * Whether the app may write into what this part has written: it mounts the directory read-write.
   *
   * Init containers run again when the pod's sandbox is made anew, such as after a reboot of the node, and the directory is
   * still there: files of the same name are written again, over what the app changed. The files belong to the user of this part.
   *
   * @default false - the app only reads
   */
  readonly appWrites?: boolean;
}

/** What every init part that runs a carried program takes. */
export interface InitProgramOptions extends ReadyMadeInitOptions {
  /**
   * Image with Python 3.9 or later; nothing but the standard library is used.
   *
   * @default 'python:3.13-slim-bookworm'
   */
  readonly image?: string;
}

/** Refuses options that no ready-made init part could start with. */
export function checkInitOptions(part: string, options: ReadyMadeInitOptions & InitWriterOptions): void {
  requireUser(part, options.user);
  allowKind(part, 'appWrites', options.appWrites, FLAG);
}

/** User and group of an init part. */
export function initUser(host: PartHost, chosen: number | undefined): { user: number; group: number } {
  let ids = { user: chosen ?? PROGRAM_USER, group: chosen ?? PROGRAM_USER };
  let isBinding = true;
  host.whenAppIsKnown((app) => {
    const { user, group } = host.writerOf(app);
    // The container is made now: an app that comes later comes too late.
    if (isBinding && chosen === undefined && user) {
      ids = { user, group: group ?? user };
    }
  });
  isBinding = false;
  return ids;
}

/** What tells one program from another. */
export interface InitProgram {
  readonly folder: string;
  readonly main: string;
  readonly settings: object;
  readonly env?: { [name: string]: kplus.EnvValue };
}

/** Binds a carried program that does its work once. */
export function bindInitProgram(
  part: PodPart, pod: kplus.AbstractPod, { settings, ...program }: InitProgram, props: InitProgramOptions, options?: BindOptions,
): { host: PartHost; bound: BoundPart } {
  const host = new PartHost(part, pod, options);
  const bound = new BoundPart(pod, part.name);
  const description: ProgramContainer = {
    ...program,
    ...initUser(host, props.user),
    name: part.name,
    image: props.image ?? PYTHON_IMAGE,
    drainSeconds: 0,
    settingsInFile: true,
    resources: props.resources ?? PROGRAM_RESOURCES,
  };
  const container = addProgram(host, description);
  bound._own(container);
  mountProgram(host, bound, container, description, settings);
  return { host, bound };
}
