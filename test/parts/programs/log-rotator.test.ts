import * as fs from 'fs';
import * as path from 'path';
import { pause, programFolder, PYTHON, Running, Sandbox, until } from './sandbox';
import { itWith } from '../../support/programs';

const it = itWith('python3');
const MEGABYTE = 1024 * 1024;
const LINE = 'x'.repeat(1023) + '\n';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

function reclaim(settings: object = {}): Running {
  return sandbox.start('reclaim_logs.py', { groups: [{ files: [sandbox.log()], maxBytes: 100 * MEGABYTE, ...settings }] });
}

function withReaders(...names: string[]): object {
  return { readers: names.map((name) => ({ format: 'state', path: sandbox.path(name) })) };
}

/** Writes a state document as a reader does that has read so many bytes of a file. */
function readerHasRead(bytes: number, reader = 'reader.json', log = 'app.log'): void {
  const status = fs.statSync(sandbox.log(log));
  const tail = fs.readFileSync(sandbox.log(log)).subarray(Math.max(0, bytes - 32), bytes).toString('hex');
  const files = [{ path: sandbox.log(), inode: status.ino, device: status.dev, offset: bytes, line: bytes / 1024, tail }];
  fs.writeFileSync(sandbox.path(reader), JSON.stringify({ files }));
}

function makeOld(log: string): void {
  const old = Date.now() / 1000 - 120;
  fs.utimesSync(sandbox.log(log), old, old);
}

function falls(bytes: number, log = 'app.log'): Promise<void> {
  return until(() => sandbox.allocated(log) <= bytes, () => `${log} takes ${sandbox.allocated(log)} bytes`);
}

/** Long enough for several rounds of the program. */
async function rounds(): Promise<void> {
  const heartbeat = sandbox.path('state', 'heartbeat');
  await until(() => fs.existsSync(heartbeat), () => 'heartbeat');
  await pause(120);
}

describe('what every reader has read', () => {
  it('is given back, while the app appends on and its lines stay at their offsets', async () => {
    const writer = fs.openSync(sandbox.log(), 'w');
    fs.writeSync(writer, LINE.repeat(2048));
    readerHasRead(2 * MEGABYTE - 1024);
    reclaim(withReaders('reader.json'));
    await falls(4096);
    fs.writeSync(writer, 'after\n');
    fs.closeSync(writer);
    const content = fs.readFileSync(sandbox.log());
    expect(content.length).toBe(2 * MEGABYTE + 6);
    expect(content.subarray(-1024 - 6).toString()).toBe(LINE + 'after\n');
  });

  it('is only what the slowest reader has read', async () => {
    sandbox.append(LINE.repeat(2048));
    readerHasRead(2 * MEGABYTE, 'fast.json');
    readerHasRead(MEGABYTE, 'slow.json');
    reclaim(withReaders('fast.json', 'slow.json'));
    await falls(MEGABYTE);
    await rounds();
    expect(sandbox.allocated()).toBe(MEGABYTE);
  });

  it('is nothing while a reader has not begun', async () => {
    sandbox.append(LINE.repeat(1024));
    readerHasRead(MEGABYTE, 'fast.json');
    const program = reclaim(withReaders('fast.json', 'missing.json'));
    await rounds();
    expect(sandbox.allocated()).toBe(MEGABYTE);
    expect(program.stderr).toBe('');
  });

  it('does not include a new file that was given the inode of a deleted one', async () => {
    sandbox.append(LINE.repeat(1024));
    readerHasRead(MEGABYTE);
    fs.writeFileSync(sandbox.log(), 'new'.repeat(MEGABYTE));
    reclaim(withReaders('reader.json'));
    await rounds();
    expect(sandbox.allocated()).toBe(3 * MEGABYTE);
  });

  it('is read from the pos_file of fluentd, too', async () => {
    sandbox.append(LINE.repeat(1024));
    sandbox.append(LINE.repeat(1024), 'other.log');
    const hex = (number: number) => number.toString(16).padStart(16, '0');
    const position = (log: string, offset: string) => `${sandbox.log(log)}\t${offset}\t${hex(fs.statSync(sandbox.log(log)).ino)}\n`;
    fs.writeFileSync(sandbox.path('pos'), 'nonsense\n' + position('app.log', hex(512 * 1024)) + position('other.log', 'f'.repeat(16)));
    reclaim({ files: [sandbox.path('logs', '*.log')], readers: [{ format: 'fluentd', path: sandbox.path('pos') }] });
    await falls(512 * 1024);
    expect(sandbox.allocated('other.log')).toBe(MEGABYTE);
  });

  it('goes as a whole when it is a rotated file, but the live file and unread files stay', async () => {
    for (const name of ['app.log.2', 'app.log.1', 'app.log']) {
      sandbox.append(LINE.repeat(16), name);
      makeOld(name);
    }
    readerHasRead(16 * 1024, 'reader.json', 'app.log.2');
    reclaim(withReaders('reader.json'));
    await until(() => !fs.existsSync(sandbox.log('app.log.2')), () => 'app.log.2 to be deleted');
    readerHasRead(16 * 1024);
    await falls(0);
    expect(fs.readdirSync(sandbox.path('logs'))).toEqual(['app.log', 'app.log.1']);
    expect(sandbox.allocated('app.log.1')).toBe(16 * 1024);
  });

  it('stays in the directory while the app may write to it: as long as no new file has the name', async () => {
    sandbox.append(LINE.repeat(16), 'app.log.1');
    readerHasRead(16 * 1024, 'reader.json', 'app.log.1');
    makeOld('app.log.1');
    reclaim(withReaders('reader.json'));
    await falls(0, 'app.log.1');
    makeOld('app.log.1');
    await rounds();
    expect(fs.existsSync(sandbox.log('app.log.1'))).toBe(true);
    sandbox.append('new\n');
    await until(() => !fs.existsSync(sandbox.log('app.log.1')), () => 'app.log.1 to be deleted');
  });

  it('never includes files that only begin with the name of the log', async () => {
    for (const name of ['app', 'app.log', 'app.pos']) {
      sandbox.append(LINE.repeat(16), name);
      makeOld(name);
    }
    reclaim({ files: [sandbox.path('logs', 'app*')], maxBytes: 1024 });
    await falls(0, 'app.log');
    expect(fs.readdirSync(sandbox.path('logs'))).toEqual(['app', 'app.log', 'app.pos']);
  });
});

describe('the bound', () => {
  it('drops the oldest unread data, says how much of which file, and the reader says what it skipped', async () => {
    sandbox.append(LINE.repeat(2048));
    const program = reclaim({ ...withReaders('reader.json'), maxBytes: MEGABYTE });
    await falls(0.75 * MEGABYTE);
    await program.says(`log-rotator: gave up ${1.25 * MEGABYTE} unread bytes of ${sandbox.log()}: the logs take more than ${MEGABYTE} bytes\n`);
    expect(sandbox.allocated()).toBe(0.75 * MEGABYTE);
    sandbox.append('end\n');
    const reader = sandbox.start('stream_logs.py', { inputs: [sandbox.log()] });
    await reader.prints('end\n');
    await reader.says(`log-stream: skipped ${1.25 * MEGABYTE} bytes of ${sandbox.log()} whose disk space was given back\n`);
    expect(reader.stdout.replace(/x+\n/g, '')).toBe('end\n');
    expect(reader.lines).toHaveLength(767 + 1);
  });

  it('drops rotated files before live ones, the oldest first', async () => {
    for (const name of ['app.log.2', 'app.log.1', 'app.log']) {
      sandbox.append(LINE.repeat(512), name);
      await pause(15);
    }
    const program = reclaim({ maxBytes: 1.25 * MEGABYTE });
    await until(() => !fs.existsSync(sandbox.log('app.log.2')), () => program.stderr);
    await falls(0.5 * MEGABYTE - 64 * 1024, 'app.log.1');
    expect(sandbox.allocated()).toBe(0.5 * MEGABYTE);
    await program.says(`gave up ${512 * 1024} unread bytes of ${sandbox.log('app.log.2')}`);
  });

  it('keeps the end of the live file when nobody reads it', async () => {
    sandbox.append(LINE.repeat(2048));
    reclaim({ maxBytes: MEGABYTE, keepBytes: 700 * 1024 });
    await falls(MEGABYTE);
    expect(fs.readFileSync(sandbox.log()).subarray(-700 * 1024).toString()).toBe(LINE.repeat(700));
  });

  it('holds while an app appends for ever and a reader follows, and no line is lost', async () => {
    const state = sandbox.path('state', 'state.json');
    reclaim({ readers: [{ format: 'state', path: state }], maxBytes: 3 * MEGABYTE });
    const reader = sandbox.start('stream_logs.py', { inputs: [sandbox.log()], commitSeconds: 0.05 });
    let highest = 0;
    for (let part = 0; part < 16; part++) {
      sandbox.append(LINE.repeat(512));
      await until(() => reader.stdout.length === (part + 1) * MEGABYTE / 2, () => `${reader.stdout.length} bytes, ${reader.stderr}`);
      highest = Math.max(highest, sandbox.allocated());
    }
    await falls(4096);
    expect(highest).toBeLessThanOrEqual(3 * MEGABYTE);
    expect(reader.stderr).toBe('');
    expect(await reader.end('SIGTERM')).toBe(0);
  });

  it('says once that a file system cannot punch holes, goes on, and deletes rotated files', async () => {
    const [, , settings] = sandbox.install('reclaim_logs.py', { groups: [{ files: [sandbox.log()], maxBytes: MEGABYTE }] });
    const wrapper = path.join(programFolder('reclaim_logs.py'), 'without_holes.py');
    fs.writeFileSync(wrapper, [
      'import ctypes, errno, disk_space, reclaim_logs',
      'def refuse(*_arguments):',
      '    ctypes.set_errno(errno.EOPNOTSUPP)',
      '    return -1',
      'disk_space._fallocate = refuse',
      'reclaim_logs.main()',
    ].join('\n'));
    sandbox.append(LINE.repeat(2048));
    sandbox.append(LINE, 'app.log.1');
    const program = sandbox.run(PYTHON, [wrapper, settings]);
    await until(() => !fs.existsSync(sandbox.log('app.log.1')), () => program.stderr);
    await program.says('cannot punch holes');
    await rounds();
    expect(program.stderr.split('\n').filter((line) => line.includes('cannot punch holes'))).toHaveLength(1);
    expect(await program.end('SIGTERM')).toBe(0);
    expect(fs.statSync(sandbox.log()).size).toBe(2 * MEGABYTE);
  });
});

describe('the program', () => {
  it('exits with 0 at TERM', async () => {
    const program = reclaim();
    await rounds();
    expect(await program.end('SIGTERM')).toBe(0);
    expect(program.stderr).toBe('');
  });

  it('refuses to keep more than the bound allows', async () => {
    const program = reclaim({ maxBytes: 1000, keepBytes: 900 });
    expect(await program.exited).toBe(2);
    expect(program.stderr).toBe('log-rotator: keepBytes must not be more than three quarters of maxBytes\n');
  });
});
