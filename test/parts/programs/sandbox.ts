import { ChildProcess, spawn, spawnSync, StdioOptions } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PARTS = path.join(__dirname, '../../../src/parts');
const GIVE_UP_AFTER = 30_000;

/** Python itself: where the name on the PATH stands for one of several versions, finding out which takes ten times as long as the start. */
export const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim() || 'python3';

/** The folders whose files lie together in the container of each program. */
const FOLDERS: { [program: string]: string[] } = {
  'json_to_csv.py': ['programs', 'adapters/json-to-csv'],
  'stream_logs.py': ['programs', 'sidecars/log-stream'],
  'reclaim_logs.py': ['programs', 'sidecars/log-rotator'],
};

// Longer than `until` waits several times, so that a busy machine leads to its message and not to a bare timeout.
jest.setTimeout(4 * GIVE_UP_AFTER);

/** Shared by the tests of one file, so that Python compiles each program once. */
const folders = new Map<string, string>();
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));

/** The files that the ConfigMap carries, in one folder. */
export function programFolder(program: string): string {
  const known = folders.get(program);
  if (known) {
    return known;
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'program-'));
  folders.set(program, folder);
  for (const source of FOLDERS[program].map((name) => path.join(PARTS, name))) {
    for (const file of fs.readdirSync(source).filter((name) => name.endsWith('.py'))) {
      fs.copyFileSync(path.join(source, file), path.join(folder, file));
    }
  }
  return folder;
}

/** Waits until a condition holds, however busy the machine is. */
export async function until(condition: () => boolean, what: () => string): Promise<void> {
  const giveUp = Date.now() + GIVE_UP_AFTER;
  while (!condition()) {
    if (Date.now() > giveUp) {
      throw new Error(`waited in vain: ${what()}`);
    }
    await pause(5);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A helper program that runs. */
export class Running {
  public stdout = '';
  public stderr = '';
  public readonly exited: Promise<number | null>;

  public constructor(public readonly process: ChildProcess) {
    process.stdout?.setEncoding('utf8').on('data', (text: string) => this.stdout += text);
    process.stderr?.setEncoding('utf8').on('data', (text: string) => this.stderr += text);
    this.exited = new Promise((resolve) => process.on('close', resolve));
  }

  public get lines(): string[] {
    return this.stdout.split('\n').slice(0, -1);
  }

  public prints(text: string): Promise<void> {
    return until(() => this.stdout.includes(text), () => `stdout ${JSON.stringify(this.stdout.slice(-500))}, stderr ${this.stderr}`);
  }

  public says(text: string): Promise<void> {
    return until(() => this.stderr.includes(text), () => `"${text}" in ${this.stderr}`);
  }

  public end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    this.process.kill(signal);
    return this.exited;
  }
}

/** A directory with logs and state, and the programs that work in it. */
export class Sandbox {
  public readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'programs-'));
  private readonly running: Running[] = [];

  public constructor() {
    ['logs', 'state', 'output'].forEach((name) => fs.mkdirSync(this.path(name)));
  }

  public path(...names: string[]): string {
    return path.join(this.directory, ...names);
  }

  public log(name = 'app.log'): string {
    return this.path('logs', name);
  }

  public append(text: string | Buffer, name = 'app.log'): void {
    fs.appendFileSync(this.log(name), text);
  }

  public rename(from: string, to: string): void {
    fs.renameSync(this.log(from), this.log(to));
  }

  public read(...names: string[]): string {
    return fs.readFileSync(this.path(...names), 'utf8');
  }

  public allocated(name = 'app.log'): number {
    return fs.statSync(this.log(name)).blocks * 512;
  }

  /** The arguments of Python, which with -S finds nothing but the standard library; the settings are in this sandbox. */
  public install(program: string, settings: object): string[] {
    const settingsPath = this.path(`${path.parse(program).name}.json`);
    fs.writeFileSync(settingsPath, JSON.stringify({ stateDirectory: this.path('state'), pollSeconds: 0.02, ...settings }));
    return ['-S', path.join(programFolder(program), program), settingsPath];
  }

  /** Starts the program that copies the log to its standard output. */
  public stream(settings: object = {}): Running {
    return this.start('stream_logs.py', { inputs: [this.log()], ...settings });
  }

  /** Starts it, waits for the last line, stops it with TERM, and returns what was printed. */
  public async streamTo(last: string, settings: object = {}): Promise<string> {
    const program = this.stream(settings);
    await program.prints(last);
    expect(await program.end('SIGTERM')).toBe(0);
    return program.stdout;
  }

  public start(program: string, settings: object): Running {
    return this.run(PYTHON, this.install(program, settings));
  }

  public run(command: string, args: string[], stdio: StdioOptions = ['ignore', 'pipe', 'pipe']): Running {
    const running = new Running(spawn(command, args, { stdio }));
    this.running.push(running);
    return running;
  }

  public async remove(): Promise<void> {
    await Promise.all(this.running.map((running) => running.end('SIGKILL')));
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Lines with their numbers. */
export function numbered(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}\n`).join('');
}
