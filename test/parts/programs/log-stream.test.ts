import * as fs from 'fs';
import { numbered, pause, PYTHON, Running, Sandbox, until } from './sandbox';
import { itWith } from '../../support/programs';

const it = itWith('python3');

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const start = (settings: object = {}): Running => sandbox.stream(settings);
const streamTo = (last: string, settings: object = {}): Promise<string> => sandbox.streamTo(last, settings);

describe('following', () => {
  it('waits for a file that does not exist yet, and for its directory', async () => {
    const input = sandbox.path('later', 'app.log');
    const program = start({ inputs: [input] });
    await until(() => fs.existsSync(sandbox.path('state', 'state.json')) || fs.existsSync(sandbox.path('state', 'heartbeat')), () => 'start');
    fs.mkdirSync(sandbox.path('later'));
    fs.writeFileSync(input, 'first\n');
    await program.prints('first\n');
  });

  it('holds a partial line until its newline comes', async () => {
    const program = start();
    sandbox.append('one\ntw');
    await program.prints('one\n');
    await pause(150);
    expect(program.stdout).toBe('one\n');
    sandbox.append('o\n');
    await program.prints('two\n');
    expect(program.stdout).toBe('one\ntwo\n');
  });

  it('keeps bytes as they are, whatever they are', async () => {
    sandbox.append(Buffer.from([0x61, 0xff, 0x0d, 0x0a, 0x0a, 0x00, 0x62, 0x0a]));
    const args = sandbox.install('stream_logs.py', { inputs: [sandbox.log()] });
    const out = sandbox.path('out');
    const program = sandbox.run('sh', ['-c', 'out="$0"; exec "$@" > "$out"', out, PYTHON, ...args]);
    await until(() => fs.existsSync(out) && fs.statSync(out).size >= 8, () => program.stderr);
    expect(fs.readFileSync(out)).toEqual(fs.readFileSync(sandbox.log()));
  });

  it('marks the lines of several inputs when asked to', async () => {
    const program = start({ inputs: [sandbox.log('a.log'), sandbox.log('b.log')], prefix: true });
    sandbox.append('1\n2\n', 'a.log');
    await program.prints('a.log: 1\na.log: 2\n');
    sandbox.append('3\n', 'b.log');
    await program.prints('b.log: 3\n');
  });

  it('does not take another input or another kind of file for a rotated one', async () => {
    const inputs = [sandbox.log('app'), sandbox.log('app-2')];
    const program = start({ inputs });
    sandbox.append('a1\n', 'app');
    sandbox.append('b1\n', 'app-2');
    sandbox.append('position\n', 'app.pos');
    await until(() => program.lines.length === 2, () => program.stdout);
    sandbox.rename('app', 'app.1');
    sandbox.rename('app-2', 'app-2.1');
    sandbox.append('a2\n', 'app');
    sandbox.append('b2\n', 'app-2');
    await until(() => program.lines.length === 4, () => program.stdout);
    expect(program.lines.sort()).toEqual(['a1', 'a2', 'b1', 'b2']);
  });
});

describe('restarts', () => {
  it('prints what the app writes right before and right after TERM, then exits with 0', async () => {
    const program = start({ pollSeconds: 0.2 });
    sandbox.append('up\n');
    await program.prints('up\n');
    sandbox.append(numbered(1, 100));
    program.process.kill('SIGTERM');
    sandbox.append(numbered(101, 200) + 'last words');
    expect(await program.exited).toBe(0);
    expect(program.stdout).toBe('up\n' + numbered(1, 200) + 'last words');
  });

  it('waits for a longer quiet before it exits when told to', async () => {
    const program = start({ quietSeconds: 0.6 });
    sandbox.append('up\n');
    await program.prints('up\n');
    program.process.kill('SIGTERM');
    await pause(200);
    sandbox.append('late\n');
    expect(await program.exited).toBe(0);
    expect(program.stdout).toBe('up\nlate\n');
  });

  it('exits within the drain time though the app writes on and on', async () => {
    const program = start({ drainSeconds: 0.5, quietSeconds: 0.3 });
    const writer = setInterval(() => sandbox.append('on\n'), 20);
    await program.prints('on\n');
    const asked = Date.now();
    expect(await program.end('SIGTERM')).toBe(0);
    clearInterval(writer);
    expect(Date.now() - asked).toBeLessThan(5000);
  });

  it('goes on exactly after TERM, over several rotations while it was down', async () => {
    sandbox.append(numbered(1, 10));
    expect(await streamTo('line 10\n')).toBe(numbered(1, 10));
    for (const [from, to] of [[11, 20], [21, 30], [31, 40]]) {
      sandbox.append(numbered(from, to));
      [2, 1].filter((n) => fs.existsSync(sandbox.log(`app.log.${n}`))).forEach((n) => sandbox.rename(`app.log.${n}`, `app.log.${n + 1}`));
      sandbox.rename('app.log', 'app.log.1');
    }
    sandbox.append(numbered(41, 50));
    expect(await streamTo('line 50\n')).toBe(numbered(11, 50));
    sandbox.append(numbered(51, 51));
    expect(await streamTo('line 51\n')).toBe(numbered(51, 51));
  });

  it('loses nothing after KILL', async () => {
    sandbox.append(numbered(1, 1000));
    const first = start({ commitSeconds: 0.05 });
    await first.prints('line 1000\n');
    await first.end('SIGKILL');
    sandbox.append(numbered(1001, 1010));
    const printed = first.stdout + await streamTo('line 1010\n');
    expect([...new Set(printed.split('\n'))].join('\n')).toBe(numbered(1, 1010));
  });

  it('takes a damaged state for an empty one and says so', async () => {
    sandbox.append('hello\n');
    for (const state of ['{"files": [', '[1]']) {
      fs.writeFileSync(sandbox.path('state', 'state.json'), state);
      const program = start();
      await program.prints('hello\n');
      await program.end('SIGKILL');
      expect(program.stderr).toMatch(/^log-stream: ignoring the state .*state.json, which cannot be read: .*\n$/);
    }
  });

  it('leaves out damaged entries of its state', async () => {
    sandbox.append('hello\n');
    fs.writeFileSync(sandbox.path('state', 'state.json'), '{"files": [{"path": 1}, null, {"path": "x", "inode": -1}], "since": "x"}');
    expect(await streamTo('hello\n')).toBe('hello\n');
  });

  it('says that lines are lost when the file that it last read is gone', async () => {
    sandbox.append('one\n');
    await streamTo('one\n');
    sandbox.append('two\n', 'new.log');
    sandbox.rename('new.log', 'app.log');
    const program = start();
    await program.prints('two\n');
    await program.says('is gone: lines written to it since line 1 are lost');
  });

  it('says once that it cannot save its state or read its input, and goes on', async () => {
    fs.mkdirSync(sandbox.path('state', 'state.json'));
    fs.mkdirSync(sandbox.log('folder'));
    const program = start({ inputs: [sandbox.log(), sandbox.log('folder'), sandbox.log('app.log/below')], commitSeconds: 0.05 });
    sandbox.append('one\n');
    await program.prints('one\n');
    await program.says('cannot save the state');
    await pause(100);
    sandbox.append('two\n');
    await program.prints('two\n');
    expect(program.stderr.split('\n').filter((line) => line.includes('folder'))).toHaveLength(1);
    expect(program.stderr.split('\n').filter((line) => line.includes('below: Not a directory'))).toHaveLength(1);
  });

  it('touches a heartbeat that the liveness command accepts, and refuses when it is old', async () => {
    const program = start();
    const heartbeat = sandbox.path('state', 'heartbeat');
    await until(() => fs.existsSync(heartbeat), () => program.stderr);
    const probe = () => sandbox.run('sh', ['-c', `test -n "$(find ${heartbeat} -newermt '-60 seconds')"`]).exited;
    expect(await probe()).toBe(0);
    await program.end('SIGKILL');
    const old = Date.now() / 1000 - 70;
    fs.utimesSync(heartbeat, old, old);
    expect(await probe()).toBe(1);
  });
});
