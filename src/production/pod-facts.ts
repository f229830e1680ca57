import { RoleName } from './default-values';
import { DEFAULT_TARGET, Target } from '../manifest/kubernetes-version';
import { Pack } from '../rules/rule';

/** How much of a pod is filled. */
export enum FillMode {
  /** Only containers that parts added. */
  PARTS = 'parts',
  /** What cannot break a pod that somebody else wrote. */
  CAREFUL = 'careful',
  /** Everything that is absent, in every container. */
  FULL = 'full',
}

/** The rules that a pod is held to where nobody says: one that somebody else makes is not asked for more than was asked of it. */
const PACKS: { readonly [mode in FillMode]: readonly Pack[] | undefined } = {
  [FillMode.PARTS]: [Pack.VALID, Pack.GOLDEN],
  // What is open in its security is said in one note.
  [FillMode.CAREFUL]: [Pack.VALID, Pack.GOLDEN, Pack.PRODUCTION],
  [FillMode.FULL]: undefined,
};

/** The packs of rules for a pod that is filled so far; undefined for all. */
export function packsOf(mode: FillMode): readonly Pack[] | undefined {
  return PACKS[mode];
}

/** A container that a part added. */
export interface PartContainer {
  /** Name of the part. */
  readonly part: string;
  /** Seconds from TERM until the container has ended. */
  readonly drainSeconds: number;
  /** Whether it is a regular container that must wait, in its preStop, until the app has ended. */
  readonly outlivesApp: boolean;
  /** What it is to the pod. */
  readonly role: RoleName;
}

/** An emptyDir that parts share with the app or keep for themselves. */
export interface DirectoryFact {
  readonly volume: string;
  /** Undefined for a directory that is unbounded for a stated reason. */
  readonly sizeLimitBytes?: number;
  readonly inMemory: boolean;
}

/** How far a reader has read, as the rotator sees it. */
export interface ReaderFact {
  /** Form of the notes: fluentd's position file, or the state of a carried program. */
  readonly format: 'fluentd' | 'state';
  readonly path: string;
}

/** A log file, or several by a pattern, and who reads it. */
export interface LogFileFact {
  readonly path: string;
  /** The volume that it lies on. */
  readonly volume: string;
  readonly readers: ReaderFact[];
  /** Whether the rotator bounds it; otherwise the app does. */
  isRotated: boolean;
  /** Bound that the user asked for. */
  maxBytes?: number;
}

/** A socket that no containerPort declares. */
export interface ListenerFact {
  readonly container: string;
  readonly address: string;
  readonly port: number;
}

/** What a part connects to outside of the pod. */
export interface DestinationFact {
  /** Name of the part. */
  readonly part: string;
  /** DNS name or IP address. */
  readonly host: string;
  readonly port: number;
}

/** A variable with a literal value. */
export interface EnvEntry {
  readonly name: string;
  readonly value: string;
}

/** What the constructs know of a pod and its manifest does not show. */
export interface PodFacts {
  mode: FillMode;
  /** Whether cdk8s-plus wrote the pod: then a few of its silent defaults are known by their shape. */
  fromCdk8sPlus: boolean;
  /** Name of the app's container. */
  appName?: string;
  /** Numeric user for containers that name none. */
  user?: number;
  /** Seconds that the app needs from TERM to its end. */
  appDrainSeconds: number;
  /** Seconds of terminationGracePeriodSeconds that the user asked for. */
  gracePeriodSeconds?: number;
  /** Seconds between a failed liveness probe and KILL. */
  livenessGraceSeconds: number;
  /** Seconds that the app goes on serving before it gets TERM. */
  preStopSleepSeconds?: number;
  /** Whether the image of the app has the program `sleep`. */
  appHasSleep: boolean;
  /** Whether the author of the pod chose its dnsPolicy; undefined where nobody saw: cdk8s-plus writes ClusterFirst in any case. */
  isDnsPolicyChosen?: boolean;
  /** The clusters that the manifest is made for. */
  target: Target;
  /** Containers of parts, by name. */
  readonly partContainers: Map<string, PartContainer>;
  readonly directories: DirectoryFact[];
  readonly listeners: ListenerFact[];
  readonly destinations: DestinationFact[];
  readonly logFiles: LogFileFact[];
  /** Name of the container that bounds log files. */
  rotator?: string;
  /** Path of the construct, for messages. */
  construct: () => string;
  /** Environment that parts give to a container, by its name. */
  readonly contributedEnv: Map<string, EnvEntry[]>;
  /** Whether the requests and limits of a container, by its name, are defaults of this library. */
  hasDefaultResources: (container: string) => boolean;
}

/** Facts of a pod that nothing is known of yet. */
export function newPodFacts(): PodFacts {
  return {
    mode: FillMode.PARTS,
    fromCdk8sPlus: false,
    appDrainSeconds: 15,
    livenessGraceSeconds: 10,
    appHasSleep: false,
    target: DEFAULT_TARGET,
    partContainers: new Map(),
    directories: [],
    listeners: [],
    destinations: [],
    logFiles: [],
    construct: () => '',
    contributedEnv: new Map(),
    hasDefaultResources: () => false,
  };
}
