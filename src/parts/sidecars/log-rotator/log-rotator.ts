import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { LogRotation } from './log-rotation';
import { ROTATOR } from '../../../manifest/rotator';
import { defaultResources } from '../../../production/default-resources';
import { ROTATOR_STATE_DIRECTORY } from '../../../production/fill-rotator';
import { BoundPart } from '../../part';
import { PartHost } from '../../part-host';
import { addProgram, mountProgram, ProgramContainer, PYTHON_IMAGE } from '../../programs/program';

const ROTATOR_RESOURCES = defaultResources({
  cpu: { request: kplus.Cpu.millis(10), limit: kplus.Cpu.millis(200) },
  memory: { request: Size.mebibytes(24), limit: Size.mebibytes(64) },
});

/** Adds the container that gives back the disk space of what has been read; later parts share it: it must know every reader of a file. */
export function addLogRotator(
  host: PartHost, bound: BoundPart, app: kplus.Container, rotation: LogRotation, directories: string[],
): kplus.Container {
  const { user, group } = writer(host, bound, app, rotation, directories);
  const known = host.rotator;
  if (known) {
    refuseOtherUser(bound, known, user);
    return known;
  }
  const program: ProgramContainer = {
    name: ROTATOR,
    image: rotation._options.image ?? PYTHON_IMAGE,
    folder: 'sidecars/log-rotator',
    main: 'reclaim_logs.py',
    user,
    group,
    drainSeconds: 1,
    role: 'sidecar',
    settingsInFile: false,
    resources: ROTATOR_RESOURCES,
  };
  const container = addProgram(host, program);
  host.ownDirectory(container, ROTATOR_STATE_DIRECTORY, 'state', Size.mebibytes(1));
  mountProgram(host, bound, container, program);
  host.isRotator(container);
  return container;
}

function refuseOtherUser(bound: BoundPart, rotator: kplus.Container, user: number): void {
  if (rotator.securityContext.user !== user) {
    throw new Error(`${bound._path}: rotation: "${user}" is not the user of the rotator that this pod has: "${rotator.securityContext.user}"\n`
      + '  why: one rotator bounds all log files of a pod, and only their writer may shorten them\n'
      + '  fix: give the same user to both parts, or say that the app rotates: LogRotation.byApp()');
  }
}

/** Only the owner of a file may punch holes into it. */
function writer(host: PartHost, bound: BoundPart, app: kplus.Container, rotation: LogRotation, directories: string[]): { user: number; group: number } {
  const known = host.writerOf(app);
  const user = rotation._options.user ?? known.user;
  if (user === undefined) {
    throw new Error(`${bound._path}: rotation: nobody bounds ${directories.map((path) => `"${path}"`).join(', ')}\n`
      + `  why: a log that grows for ever evicts the pod; only its writer may shorten it, and "${app.name}" has no numeric user\n`
      + '  fix: say that the app rotates: LogRotation.byApp(); or give its user: securityContext.user, or LogRotation.byRotator({ user })');
  }
  return { user, group: known.group ?? user };
}
