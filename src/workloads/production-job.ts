import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { composeWorkload, workloadProps } from './composed-workload';
import { IsolationOptions } from './network-isolation';
import { decideTask, demandDeadline, hasHelpers, ignoreDisruptions } from './task';
import { requireProps } from '../manifest/check-input';
import { AppOptions } from '../pods/app-options';
import { pathOf } from '../pods/check-props';
import { PodHook } from '../production/pod-hook';

/** A Job that is ready for production. */
export interface ProductionJobProps extends kplus.JobProps, AppOptions, IsolationOptions {}

/**
 * A task that runs once, to its end.
 *
 * Its pod is a pattern pod: everything absent is filled in every container, whoever adds it and whenever. Parts must be native
 * sidecars, as they are by default: a Job ends when its regular containers have ended.
 *
 * - `backoffLimit` is 3 instead of 6: a failed pod is replaced after 10, 20 and 40 seconds. Evictions and drained nodes do not
 *   count, unless `restartPolicy` is ON_FAILURE.
 * - `activeDeadline` is demanded beside other containers: a helper that cannot start keeps the app from starting, and the Job stays
 *   active past its `backoffLimit`.
 * - `ttlAfterFinished` stays open: a Job that was deleted is run again by whoever applies its manifest again.
 *
 * The pod template of a Job cannot be changed: a new version is a new Job. Probes are not demanded.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 * @example
 *
 * new ProductionJob(chart, 'Migration', {
 *   app: { image: 'registry.example/migration:1.4.2' },
 *   parts: [new HAProxy({ upstreams: [Upstream.tcp('db', 'db.shop.svc.cluster.local', 5432)] })],
 *   activeDeadline: Duration.hours(1),
 * });
 */
export class ProductionJob extends kplus.Job {
  /** The app's container. */
  public readonly app: kplus.Container;

  /**
   * @param scope the chart or construct that the Job belongs to
   * @param id name of the construct
   * @param props the app
   */
  public constructor(scope: Construct, id: string, props: ProductionJobProps) {
    const path = pathOf(scope, id);
    const decided = decide(path, requireProps(path, props));
    super(scope, id, workloadProps(path, decided));
    this.app = composeWorkload(this, decided).app;
    PodHook.of(this).addWriter((json) => ignoreDisruptions(json.spec));
  }
}

/** Checks the props and decides what they leave open, before anything is in the tree. */
function decide(path: string, props: ProductionJobProps): ProductionJobProps {
  if (hasHelpers(props)) {
    demandDeadline(path, props, 'a helper that cannot start keeps the app from starting, and the Job stays active past its backoffLimit');
  }
  return decideTask(path, props);
}
