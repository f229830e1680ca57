import { ApiObject, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { checkHost } from './check-host';
import { HashedConfig } from './hashed-config';
import { isNativeIn } from './native-choice';
import { BindOptions, BoundPart, PodPart } from './part';
import { PartHolder, SharedVolume } from './part-holder';
import { SharedDirectory } from './shared-directory';
import { waiverAnnotation } from '../manifest/annotations';
import { RoleName } from '../production/default-values';
import { EnvEntry, PodFacts } from '../production/pod-facts';
import { PodHook } from '../production/pod-hook';
import { aimProbes, copyContainer, declarePort } from '../production/prepare-container';

/** What a part says of its container beside the container's props. */
export interface PartContainerOptions {
  /** Seconds from TERM to the end. */
  readonly drainSeconds: number;
  /** Whether the image has `sleep`, so that a regular container can outlive the app for a while. */
  readonly hasSleep?: boolean;
  /** What it is to the pod; otherwise what its part is. */
  readonly role?: RoleName;
}

/** The pod as seen by one part while it binds. */
export class PartHost {
  /** The parts of the pod and the volumes that they share. */
  public readonly holder: PartHolder;
  /** Whether the containers of the part are native sidecars. */
  public readonly nativeSidecar: boolean;
  /** Whether they are init containers, which end before the app starts. */
  public readonly runsToEnd: boolean;
  private readonly hook: PodHook;

  public constructor(private readonly part: PodPart, private readonly pod: kplus.AbstractPod, private readonly options: BindOptions = {}) {
    checkHost(part, pod);
    this.hook = PodHook.of(pod);
    this.runsToEnd = part._runsToEnd;
    this.nativeSidecar = isNativeIn(part, pod, this.hook.target);
    this.holder = PartHolder.of(pod);
    this.holder.add(part, pod);
    if (options.app) {
      this.hook.chooseApp(options.app);
    }
  }

  /** What is known of the pod beyond its manifest. */
  public get facts(): PodFacts {
    return this.hook.facts;
  }

  /** Adds the container of the part. */
  public addContainer(props: kplus.ContainerProps, options: PartContainerOptions): kplus.Container {
    const own = copyContainer(props);
    const number = own.portNumber ?? own.port;
    if (number !== undefined) {
      // A startup probe that fails keeps the app from ever starting.
      declarePort(own, number);
    }
    if (this.nativeSidecar) {
      own.restartPolicy = kplus.ContainerRestartPolicy.ALWAYS;
    }
    const outlivesApp = !this.nativeSidecar && options.hasSleep === true && !own.lifecycle;
    const role = options.role ?? this.part._role;
    const container = this.hook.addPartContainer({ part: this.part.name, drainSeconds: options.drainSeconds, outlivesApp, role }, own);
    ownMounts(container);
    return aimProbes(container, number);
  }

  /** Calls back with the app, now or when it is added. */
  public whenAppIsKnown(listener: (app: kplus.Container) => void): void {
    if (this.options.app) {
      listener(this.options.app);
    } else {
      this.hook.whenAppIsKnown(listener);
    }
  }

  /** Shares a directory between the app and containers of the part. */
  public share(directory: SharedDirectory, access: { readonly readers?: kplus.Container[]; readonly writers?: kplus.Container[] }, partWrites: boolean): void {
    this.whenAppIsKnown((app) => {
      const shared = this.resolve(directory, app);
      shared.writtenByPart ||= partWrites;
      (access.writers ?? []).forEach((container) => mount(container, shared, false));
      (access.readers ?? []).forEach((container) => mount(container, shared, true));
      if (shared.directory) {
        mount(app, shared, shared.writtenByPart);
      }
    });
  }

  /** Gives a container of the part a directory of its own. */
  public ownDirectory(container: kplus.Container, path: string, purpose: string, sizeLimit: Size): kplus.Volume {
    const name = this.holder.volumeName(`${container.name}-${purpose}`);
    const volume = kplus.Volume.fromEmptyDir(this.pod, `Volume-${name}`, name);
    this.hook.facts.directories.push({ volume: name, sizeLimitBytes: sizeLimit.toKibibytes() * 1024, inMemory: false });
    container.mount(path, volume);
    return volume;
  }

  /** Mounts files from a ConfigMap whose name carries the hash of its content. */
  public mountConfig(bound: BoundPart, container: kplus.Container, path: string, files: { [name: string]: string }): void {
    const name = this.holder.volumeName(`${container.name}-config`);
    container.mount(path, HashedConfig.volume(bound, this.pod, container.name, name, files), { readOnly: true });
  }

  /** Notes a socket that no containerPort declares. */
  public listens(container: kplus.Container, address: '127.0.0.1' | '*', port: number): void {
    this.hook.facts.listeners.push({ container: container.name, address, port });
  }

  /** Notes what the part connects to outside of the pod. */
  public connectsTo(host: string, port: number): void {
    this.hook.facts.destinations.push({ part: this.part.name, host, port });
  }

  /** Ports that are taken in the network of the pod. */
  public takenPorts(): Set<number> {
    const declared = [...this.pod.containers, ...this.pod.initContainers].flatMap((container) => container.ports.map((port) => port.number));
    return new Set([...declared, ...this.hook.facts.listeners.map((listener) => listener.port)]);
  }

  /** The container that bounds the log files of this pod. */
  public get rotator(): kplus.Container | undefined {
    return [...this.pod.initContainers, ...this.pod.containers].find((container) => container.name === this.hook.facts.rotator);
  }

  /** Says that a container bounds the log files of this pod. */
  public isRotator(container: kplus.Container): void {
    this.hook.facts.rotator = container.name;
  }

  /** Lets the rotator see the notes of a reader, now or when there is one. */
  public showNotes(rotator: kplus.Container | undefined, path: string, volume: kplus.Volume): void {
    this.holder.notes.push({ path, volume });
    if (rotator) {
      this.holder.notes.splice(0).forEach((notes) => rotator.mount(notes.path, notes.volume, { readOnly: true }));
    }
  }

  /** Gives the app variables with literal values; they come before its own. */
  public giveEnv(app: kplus.Container, entries: EnvEntry[]): void {
    const given = this.hook.facts.contributedEnv.get(app.name) ?? [];
    for (const { name } of entries) {
      if (app.env.variables[name] || given.some((other) => other.name === name)) {
        throw new Error(`${this.pod.node.path}: container "${app.name}": env: "${name}" is set already, and part "${this.part.name}" gives it too\n`
          + '  why: one of the two values would be lost\n'
          + '  fix: remove yours, or let the part use another name for its variable');
      }
    }
    this.hook.facts.contributedEnv.set(app.name, [...given, ...entries]);
  }

  /** User and group as which the app writes; undefined where nothing says so. */
  public writerOf(app: kplus.Container): { user?: number; group?: number } {
    const user = app.securityContext.user ?? this.pod.securityContext.user ?? this.hook.facts.user;
    return { user, group: app.securityContext.group ?? this.pod.securityContext.group ?? user };
  }

  private resolve(directory: SharedDirectory, app: kplus.Container): SharedVolume {
    const known = this.holder.shared.get(directory.path);
    if (known) {
      this.refuseOtherBound(known, directory);
      return known;
    }
    const shared = this.usersOwn(directory, app) ?? this.newVolume(directory);
    this.holder.shared.set(directory.path, shared);
    return shared;
  }

  /** The volume that the app mounts at the directory or nearest above it. */
  private usersOwn(directory: SharedDirectory, app: kplus.Container): SharedVolume | undefined {
    const covers = (path: string) => directory.path === path || directory.path.startsWith(`${path.replace(/\/+$/, '')}/`);
    const mounts = app.mounts.filter((candidate) => covers(candidate.path)).sort((a, b) => b.path.length - a.path.length);
    const nearest = mounts[0];
    const ours = nearest && [...this.holder.shared.values()].find((shared) =>
      shared.volume === nearest.volume && shared.mountPath === nearest.path && shared.subPath === nearest.subPath);
    return ours ?? (nearest && { volume: nearest.volume, mountPath: nearest.path, subPath: nearest.subPath, writtenByPart: false });
  }

  private newVolume(directory: SharedDirectory): SharedVolume {
    const inner = [...this.holder.shared.keys()].find((path) => path.startsWith(`${directory.path}/`));
    if (inner) {
      throw new Error(`${this.pod.node.path}: part "${this.part.name}": directory "${directory.path}" lies above "${inner}", which is shared already\n`
        + '  why: the inner directory is a volume of its own, and who shares the outer one would not see into it\n'
        + '  fix: bind the part with the outer directory first, or share the outer directory in both');
    }
    const name = this.holder.volumeName(`shared-${directory.path}`);
    const medium = directory.isInMemory ? kplus.EmptyDirMedium.MEMORY : undefined;
    const volume = kplus.Volume.fromEmptyDir(this.pod, `Volume-${name}`, name, { medium });
    this.hook.facts.directories.push({ volume: name, sizeLimitBytes: directory._sizeLimitBytes, inMemory: directory.isInMemory });
    waiveBound(this.pod, directory);
    return { volume, mountPath: directory.path, directory, writtenByPart: false };
  }

  private refuseOtherBound(known: SharedVolume, directory: SharedDirectory): void {
    const first = known.directory;
    if (first && (first._sizeLimitBytes !== directory._sizeLimitBytes || first.isInMemory !== directory.isInMemory)) {
      throw new Error(`${this.pod.node.path}: part "${this.part.name}": directory "${directory.path}" is shared already, with another bound or medium\n`
        + '  why: one directory is one volume\n'
        + '  fix: make one SharedDirectory and give it to both parts');
    }
  }
}

/** Whoever checks the manifest reads there why a directory has no bound; a reason that is there stays. */
function waiveBound(pod: kplus.AbstractPod, { _unboundedReason: reason }: SharedDirectory): void {
  const { metadata } = ApiObject.of(pod);
  const key = waiverAnnotation('empty-dir-size-limit');
  if (reason !== undefined && metadata.toJson()?.annotations?.[key] === undefined) {
    metadata.addAnnotation(key, reason);
  }
}

/** Mounts a shared volume once; a mount that is there becomes read-only when a part turns out to write. */
function mount(container: kplus.Container, shared: SharedVolume, readOnly: boolean): void {
  ownMounts(container);
  const there = container.mounts.findIndex((candidate) => candidate.path === shared.mountPath && candidate.volume === shared.volume);
  if (there >= 0) {
    container.mounts[there] = { ...container.mounts[there], readOnly: readOnly || undefined };
  } else {
    container.mount(shared.mountPath, shared.volume, { ...(readOnly && { readOnly }), ...(shared.subPath && { subPath: shared.subPath }) });
  }
}

const OWN_MOUNTS = Symbol.for('cdk8s-pod-patterns.own-mounts');

/** cdk8s-plus keeps the caller's list of mounts: another container made from it would grow with this one. */
function ownMounts(container: kplus.Container): void {
  const marked = container as { mounts: kplus.VolumeMount[]; [OWN_MOUNTS]?: boolean };
  if (!marked[OWN_MOUNTS]) {
    marked[OWN_MOUNTS] = true;
    marked.mounts = [...container.mounts];
  }
}
