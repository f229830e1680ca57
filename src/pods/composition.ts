import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { AppOptions } from './app-options';
import { checkComposedProps } from './check-props';
import { inStartOrder } from './start-order';
import { BoundPart, PodPart } from '../parts/part';
import { PartHolder } from '../parts/part-holder';
import { PodHook } from '../production/pod-hook';

/** The props of a pod or workload that is made around an app. */
export interface ComposedProps extends kplus.AbstractPodProps, AppOptions {
  readonly preStopSleep?: Duration;
}

/** What a part became in the pod that it was given to. */
export interface PartInPod {
  readonly part: PodPart;
  readonly bound: BoundPart;
}

const DEFAULT_USER = 1000;

const DEFAULT_WRITABLE_SIZE = Size.mebibytes(64);

/**
 * What cdk8s-plus should make of the props: the app first, then the user's other containers, in lists that are not the caller's.
 *
 * @param spec field path of the pod spec, as kubectl prints it
 */
export function composedProps<T extends ComposedProps>(path: string, props: T, parts: PodPart[], spec = 'spec'): T {
  checkComposedProps(path, props, parts, spec);
  const pod: { -readonly [name in keyof ComposedProps]: ComposedProps[name] } = withoutNulls(props);
  pod.containers = [{ ...props.app, name: props.app.name ?? 'app' }, ...(props.containers ?? [])];
  pod.initContainers &&= [...pod.initContainers];
  pod.volumes &&= [...pod.volumes];
  pod.hostAliases &&= [...pod.hostAliases];
  return pod as T;
}

/** Callers without types write null for what they leave open; cdk8s-plus knows undefined only. */
function withoutNulls<T extends object>(props: T): T {
  const copy = { ...props };
  for (const name of Object.keys(copy) as (keyof T)[]) {
    if (copy[name] === null) {
      delete copy[name];
    }
  }
  return copy;
}

/** Makes a pattern pod of a pod or workload whose app is there: hooks it, notes what the props say, binds the parts. */
export function compose(pod: kplus.AbstractPod, props: ComposedProps, parts: PodPart[]): PartInPod[] {
  const hook = PodHook.of(pod);
  hook.markPatternPod();
  hook.facts.user = DEFAULT_USER;
  hook.facts.appDrainSeconds = props.drain?.toSeconds() ?? hook.facts.appDrainSeconds;
  hook.facts.gracePeriodSeconds = props.terminationGracePeriod?.toSeconds();
  hook.facts.preStopSleepSeconds = props.preStopSleep?.toSeconds();
  hook.facts.appHasSleep = props.appHasSleep ?? false;
  hook.facts.isDnsPolicyChosen = (props.dns?.policy ?? undefined) !== undefined;
  if (props.writablePaths) {
    addWritablePaths(pod, hook, props.writablePaths, props.writablePathSize ?? DEFAULT_WRITABLE_SIZE);
  }
  return inStartOrder(pod.node.path, parts).map((part) => ({ part, bound: part.bind(pod) }));
}

function addWritablePaths(pod: kplus.AbstractPod, hook: PodHook, paths: string[], size: Size): void {
  for (const path of paths) {
    const name = PartHolder.of(pod).volumeName(`writable-${path}`);
    hook.app!.mount(path, kplus.Volume.fromEmptyDir(pod, `Writable-${name}`, name));
    hook.facts.directories.push({ volume: name, sizeLimitBytes: size.toKibibytes() * 1024, inMemory: false });
  }
}
