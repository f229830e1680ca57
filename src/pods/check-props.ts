import { Construct } from 'constructs';
import type { ComposedProps } from './composition';
import { checkContainerLists } from '../manifest/check-container';
import { allowKind, allowList, bytesOf, FLAG, instanceOf, OBJECT, refuse, requireKind, requireList, requireProps, TEXT, wholeSeconds } from '../manifest/check-input';
import { PodPart } from '../parts/part';

const PART = instanceOf(PodPart, 'make one: new Sidecar({ image: ... })');

/** Where the pod will be in the tree. */
export function pathOf(scope: Construct, id: string): string {
  return `${scope.node.path}/${id}`;
}

/** The part that gives the pod its name, and the others. */
export function partsOf(path: string, role: string, part: PodPart, others?: PodPart[]): PodPart[] {
  requireKind(path, role, part, PART);
  allowList(path, 'parts', others, PART);
  return [part, ...(others ?? [])];
}

/** Refuses props of which no pod can be made: the earliest line that can know, and nothing is in the tree yet. */
export function checkComposedProps(path: string, props: ComposedProps, parts: PodPart[], spec: string): void {
  requireProps(path, props);
  checkApp(path, props, spec);
  requireList(path, 'parts', parts, PART);
  for (const field of ['containers', 'initContainers'] as const) {
    allowList(path, field, props[field], OBJECT);
    props[field]?.forEach((container, index) => checkContainerLists(path, `${field}[${index}].`, container));
  }
  allowList(path, 'volumes', props.volumes, OBJECT);
  allowList(path, 'hostAliases', props.hostAliases, OBJECT);
  checkTimes(path, props);
  checkWritablePaths(path, props);
}

function checkApp(path: string, { app }: ComposedProps, spec: string): void {
  if (app === undefined || app === null) {
    refuse(path, 'app: missing', 'the pod is made around its app', 'give `app: { image: ... }`');
  }
  // An image that is there, but none, is refused with all others, when the manifest is written.
  if (!OBJECT.matches(app) || app.image === undefined || app.image === null) {
    refuse(path, `${spec}.containers[0].image: "" is no image, and one is required`, 'without an image nothing can be started',
      `give \`app: { image: ${typeof app === 'string' ? `'${app}'` : '...'} }\``);
  }
  checkContainerLists(path, 'app.', app);
}

/** Whether the grace period is long enough is checked when the manifest is written: a patch may change both. */
function checkTimes(path: string, props: ComposedProps): void {
  wholeSeconds(path, 'drain', props.drain, 0, 1);
  wholeSeconds(path, 'preStopSleep', props.preStopSleep, 0, 1);
  allowKind(path, 'appHasSleep', props.appHasSleep, FLAG);
  wholeSeconds(path, 'terminationGracePeriod', props.terminationGracePeriod, 0);
  if (props.preStopSleep !== undefined && props.app.lifecycle?.preStop !== undefined) {
    refuse(path, 'preStopSleep: is given beside app.lifecycle.preStop', 'a container has one preStop hook, and one of the two would be lost',
      'remove one of the two; a command of your own can sleep too');
  }
}

function checkWritablePaths(path: string, props: ComposedProps): void {
  const { writablePathSize } = props;
  const writablePaths = props.writablePaths ?? [];
  requireList(path, 'writablePaths', writablePaths, TEXT);
  const relative = writablePaths.find((writable) => writable !== '' && !writable.startsWith('/'));
  if (relative !== undefined) {
    refuse(path, `writablePaths: "${relative}" is not absolute`, 'the kubelet mounts it below the root directory, whatever the working directory of the app is', `write "/${relative}", or the whole path`);
  }
  const plain = writablePaths.map((writable) => writable.replace(/(.)\/+$/, '$1'));
  const repeated = plain.find((writable, index) => plain.indexOf(writable) !== index);
  if (repeated !== undefined) {
    refuse(path, `writablePaths: "${repeated}" is given twice`, 'one directory is one volume', 'leave one of the two out');
  }
  if (writablePathSize !== undefined && writablePathSize !== null) {
    bytesOf(path, 'writablePathSize', writablePathSize);
  }
}
