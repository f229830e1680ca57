import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { defaultResources } from '../../production/default-resources';
import { RoleName } from '../../production/default-values';
import { BoundPart } from '../part';
import { PartHost } from '../part-host';

/**
 * The official image of the language that the carried programs are written in.
 *
 * Its root file system is only read; nothing is installed into it.
 *
 * @see https://hub.docker.com/_/python
 */
export const PYTHON_IMAGE = 'python:3.13-slim-bookworm';

/** Where a program and its settings are mounted. */
const PROGRAM_DIRECTORY = '/opt/pod-patterns';

/** Where a program keeps its position, its rejects and its heartbeat. */
export const STATE_DIRECTORY = '/var/lib/pod-patterns';

/** User and group of the carried programs. */
export const PROGRAM_USER = 1000;

/** Where the modules lie that several programs share; they lie beside the compiled code too. */
const SHARED_FOLDER = 'programs';

const cache = new Map<string, { [name: string]: string }>();

/** A program's main file and every module that it imports, from its own folder or the shared one. */
function filesOf(folder: string, main: string): { [name: string]: string } {
  const key = `${folder}/${main}`;
  const files = cache.get(key) ?? {};
  if (!cache.has(key)) {
    collect(folder, main, files);
    cache.set(key, files);
  }
  return files;
}

function collect(folder: string, name: string, files: { [name: string]: string }): void {
  const path = [folder, SHARED_FOLDER].map((candidate) => join(__dirname, '..', candidate, name)).find(existsSync);
  if (!path || name in files) {
    return;
  }
  files[name] = readFileSync(path, 'utf8');
  for (const [, module] of files[name].matchAll(/^(?:from|import) (\w+)/gm)) {
    collect(folder, `${module}.py`, files);
  }
}

/** What the container of a carried program looks like. */
export interface ProgramContainer {
  readonly name: string;
  readonly image: string;
  /** Folder below `src/parts` with the program. */
  readonly folder: string;
  /** The file that is started. */
  readonly main: string;
  readonly user: number;
  readonly group: number;
  readonly resources: kplus.ContainerResources;
  readonly drainSeconds: number;
  /** What it is to the pod; otherwise what its part is. */
  readonly role?: RoleName;
  readonly env?: { [name: string]: kplus.EnvValue };
  /** Whether its settings are mounted beside it; otherwise they are in its environment. */
  readonly settingsInFile: boolean;
}

/** Adds a container that runs a carried program; mount its configuration when the settings are known. */
export function addProgram(host: PartHost, program: ProgramContainer): kplus.Container {
  return host.addContainer({
    name: program.name,
    image: program.image,
    command: ['python3', '-B', `${PROGRAM_DIRECTORY}/${program.main}`, ...(program.settingsInFile ? [`${PROGRAM_DIRECTORY}/settings.json`] : [])],
    securityContext: { user: program.user, group: program.group },
    resources: program.resources,
    envVariables: program.env,
    // An init container can have none.
    liveness: host.runsToEnd ? undefined : heartbeatProbe(),
  }, { drainSeconds: program.drainSeconds, hasSleep: !host.runsToEnd, role: program.role });
}

/** Mounts the program, and its settings where they are known. */
export function mountProgram(host: PartHost, bound: BoundPart, container: kplus.Container, program: ProgramContainer, settings?: object): void {
  host.mountConfig(bound, container, PROGRAM_DIRECTORY, {
    ...filesOf(program.folder, program.main),
    ...(settings && { 'settings.json': `${JSON.stringify(settings, undefined, 2)}\n` }),
  });
}

/** Requests and limits of a carried program: measured below 32 MiB resident. */
export const PROGRAM_RESOURCES = defaultResources({
  cpu: { request: kplus.Cpu.millis(20), limit: kplus.Cpu.millis(500) },
  memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
});

/** Against hangs only: the main loop touches the file every second, and a minute without it is no load peak. */
function heartbeatProbe(): kplus.Probe {
  return kplus.Probe.fromCommand(
    ['sh', '-c', `test -n "$(find ${STATE_DIRECTORY}/heartbeat -mmin -1 2>/dev/null)"`],
    { initialDelaySeconds: Duration.seconds(30), periodSeconds: Duration.seconds(20), timeoutSeconds: Duration.seconds(5), failureThreshold: 3 },
  );
}
