import { Duration, Size } from 'cdk8s';
import { ContainerProps } from 'cdk8s-plus-28';
import { PodPart } from '../parts/part';

/** The app of a pod, and what is composed around it: the same in pattern pods and in production workloads. */
export interface AppOptions {
  /**
   * The app: the container that the pod is there for, always `containers[0]`.
   *
   * Unnamed it is called `app`. Resources that are not given are 250m/256Mi, limits 500m/512Mi, more by the size of each volume in
   * memory that it writes; the user is 1000. With `portNumber` it gets a startup probe that gives it two minutes to open the port,
   * instead of the 30 seconds of cdk8s-plus.
   */
  readonly app: ContainerProps;

  /**
   * More parts of the pod.
   *
   * @default - none
   */
  readonly parts?: PodPart[];

  /**
   * Directories that the app must write, such as `/tmp`: each becomes an emptyDir, because the root file system is read-only.
   *
   * @default - none
   */
  readonly writablePaths?: string[];

  /**
   * Bound of each writable path.
   *
   * @default Size.mebibytes(64)
   */
  readonly writablePathSize?: Size;

  /**
   * How long the app needs from TERM to its end. The termination grace period of the pod is computed from it, from preStop
   * hooks and from the drains of the parts; `terminationGracePeriod` overrides the result.
   *
   * Whole seconds.
   *
   * @default Duration.seconds(15)
   */
  readonly drain?: Duration;

  /**
   * Whether the image of the app has the program `sleep` on its PATH. Then `preStopSleep` becomes the command `sleep` where
   * the target is older than Kubernetes 1.30. With an image that does not have it the app would get TERM at once.
   *
   * @default false
   */
  readonly appHasSleep?: boolean;
}
