import { Cron, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { allowCount } from './check-options';
import { composeWorkload, workloadProps } from './composed-workload';
import { IsolationOptions } from './network-isolation';
import { decideTask, demandDeadline, ignoreDisruptions } from './task';
import { instanceOf, refuse, requireKind, requireProps, wholeSeconds } from '../manifest/check-input';
import { AppOptions } from '../pods/app-options';
import { pathOf } from '../pods/check-props';
import { PodHook } from '../production/pod-hook';

/** A CronJob that is ready for production; `activeDeadline` is required. */
export interface ProductionCronJobProps extends kplus.CronJobProps, AppOptions, IsolationOptions {}

/** Where the pod spec of a CronJob lies. */
const CRON_SPEC = 'spec.jobTemplate.spec.template.spec';

const DEFAULT_STARTING_DEADLINE = Duration.minutes(5);

const SCHEDULE = instanceOf(Cron, 'write Cron.schedule({ minute: \'0\', hour: \'3\' })');

/**
 * A task that runs by a schedule, one run at a time.
 *
 * Its pods are pattern pods: everything absent is filled in every container, whoever adds it and whenever. Parts must be native
 * sidecars, as they are by default. `backoffLimit` is as in a `ProductionJob`.
 *
 * - `activeDeadline` is demanded: a run that hangs would keep every later one from starting, or, where `concurrencyPolicy` allows
 *   several, they would pile up.
 * - `startingDeadline` is 5 minutes, instead of the 10 seconds of cdk8s-plus, which skip a run when the control plane is busy or
 *   restarted at that moment.
 * - `concurrencyPolicy` is FORBID, and 3 successful runs and 1 failed one are kept, as in cdk8s-plus.
 *
 * Without `timeZone` the schedule is that of the control plane, mostly UTC.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 * @example
 *
 * new ProductionCronJob(chart, 'Report', {
 *   app: { image: 'registry.example/report:1.4.2' },
 *   schedule: Cron.schedule({ minute: '0', hour: '3' }),
 *   timeZone: 'Europe/Berlin',
 *   activeDeadline: Duration.minutes(30),
 * });
 */
export class ProductionCronJob extends kplus.CronJob {
  /** The app's container. */
  public readonly app: kplus.Container;

  /**
   * @param scope the chart or construct that the CronJob belongs to
   * @param id name of the construct
   * @param props the app and its schedule
   */
  public constructor(scope: Construct, id: string, props: ProductionCronJobProps) {
    const path = pathOf(scope, id);
    const decided = decide(path, requireProps(path, props));
    super(scope, id, workloadProps(path, decided, CRON_SPEC));
    this.app = composeWorkload(this, decided).app;
    PodHook.of(this).addWriter((json) => ignoreDisruptions(json.spec.jobTemplate.spec));
  }
}

/** Checks the props and decides what they leave open, before anything is in the tree. */
function decide(path: string, props: ProductionCronJobProps): ProductionCronJobProps {
  requireKind(path, 'schedule', props.schedule, SCHEDULE);
  demandDeadline(path, props, 'a run that hangs keeps every later run from starting, or they pile up');
  const starting = wholeSeconds(path, 'startingDeadline', props.startingDeadline, DEFAULT_STARTING_DEADLINE.toSeconds());
  if (starting < 10) {
    refuse(path, `startingDeadline: "${starting} s" is shorter than 10 s`, 'the controller looks every 10 seconds: runs would be skipped',
      'give at least Duration.seconds(10)');
  }
  for (const field of ['successfulJobsRetained', 'failedJobsRetained'] as const) {
    allowCount(path, field, props[field], 0, 'it is how many finished runs are kept');
  }
  return { ...decideTask(path, props), startingDeadline: Duration.seconds(starting) };
}
