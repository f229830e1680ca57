import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IsolationOptions, NetworkIsolation } from './network-isolation';
import { requireProps, wholeSeconds } from '../manifest/check-input';
import { compose, ComposedProps, composedProps } from '../pods/composition';
import { override } from '../production/override';
import { aimProbes, prepareContainer } from '../production/prepare-container';
import { markPrepared } from '../production/silent-defaults';

/** Where the pod spec of most workloads lies, as kubectl prints it. */
export const TEMPLATE_SPEC = 'spec.template.spec';

/** A workload that was made around an app. */
export interface ComposedWorkload {
  readonly app: kplus.Container;
}

/**
 * What cdk8s-plus should make of the props of a workload: those of a pattern pod, with the silent defaults of each container decided.
 *
 * @param spec field path of the pod spec, as kubectl prints it
 */
export function workloadProps<T extends ComposedProps>(path: string, props: T, spec = TEMPLATE_SPEC): T {
  requireProps(path, props);
  const composed = composedProps(path, props, props.parts ?? [], spec);
  const security = props.securityContext ?? {};
  return {
    ...composed,
    containers: composed.containers!.map((container) => prepareContainer(container, security)),
    initContainers: composed.initContainers?.map((container) => prepareContainer(container, security, isPlainInit(container))),
  };
}

/** Does for a workload what the class `PatternPod` does for a pod, which it cannot extend. */
export function composeWorkload(workload: kplus.Workload, props: ComposedProps & IsolationOptions): ComposedWorkload {
  const given = [props.app, ...(props.containers ?? []), ...(props.initContainers ?? [])];
  [...workload.containers, ...workload.initContainers].forEach((container, index) => markPrepared(aimProbes(container), given[index]));
  prepareAdded(workload);
  compose(workload, props, props.parts ?? []);
  if (props.networkIsolation) {
    workload.with(new NetworkIsolation(props.networkIsolation));
  }
  return { app: workload.containers[0] };
}

/**
 * The wait before TERM; undefined for none.
 *
 * @param fallback seconds, where the props say nothing and the app has no preStop of its own
 */
export function preStopSleepOf(path: string, props: ComposedProps, fallback: number): Duration | undefined {
  const seconds = wholeSeconds(path, 'preStopSleep', props.preStopSleep, props.app?.lifecycle?.preStop ? 0 : fallback);
  return seconds > 0 ? Duration.seconds(seconds) : undefined;
}

function isPlainInit(container: kplus.ContainerProps): boolean {
  return container.restartPolicy !== kplus.ContainerRestartPolicy.ALWAYS;
}

const preparing = new Map();

/** Decides the silent defaults of containers that are added later too. */
function prepareAdded(workload: kplus.Workload): void {
  override(workload, preparing, (Base: any) => class extends Base {
    public addContainer(this: kplus.Workload, props: kplus.ContainerProps): kplus.Container {
      return markPrepared(aimProbes(Base.prototype.addContainer.call(this, prepareContainer(props, this.securityContext))), props);
    }

    public addInitContainer(this: kplus.Workload, props: kplus.ContainerProps): kplus.Container {
      const prepared = prepareContainer(props, this.securityContext, isPlainInit(props));
      return markPrepared(aimProbes(Base.prototype.addInitContainer.call(this, prepared)), props);
    }
  } as any);
}
