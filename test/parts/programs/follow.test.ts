import * as fs from 'fs';
import { numbered, pause, programFolder, PYTHON, Running, Sandbox, until } from './sandbox';
import { itWith } from '../../support/programs';

const it = itWith('python3');

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const start = (settings: object = {}): Running => sandbox.stream(settings);
const streamTo = (last: string, settings: object = {}): Promise<string> => sandbox.streamTo(last, settings);

describe('rotation', () => {
  it('loses nothing when the writer goes on into the renamed file', async () => {
    const program = start({ pollSeconds: 0.1 });
    sandbox.append('before\n');
    const writer = fs.openSync(sandbox.log(), 'a');
    await program.prints('before\n');
    sandbox.rename('app.log', 'app.log.1');
    fs.writeSync(writer, 'late 1\n');
    sandbox.append('new 1\n');
    await pause(60);
    fs.writeSync(writer, 'late 2\n');
    await program.prints('new 1\n');
    fs.writeSync(writer, 'very late\n');
    await program.prints('very late\n');
    fs.closeSync(writer);
    expect(program.stdout).toBe('before\nlate 1\nlate 2\nnew 1\nvery late\n');
  });

  it('reads the files of several rotations between two polls in their order', async () => {
    const program = start({ pollSeconds: 0.2 });
    await until(() => fs.existsSync(sandbox.path('state', 'heartbeat')), () => program.stderr);
    await pause(50);
    for (const number of [1, 2, 3, 4]) {
      sandbox.append(numbered(number * 10, number * 10 + 4));
      [3, 2, 1].filter((n) => fs.existsSync(sandbox.log(`app.log.${n}`))).forEach((n) => sandbox.rename(`app.log.${n}`, `app.log.${n + 1}`));
      sandbox.rename('app.log', 'app.log.1');
    }
    sandbox.append('end\n');
    await program.prints('end\n');
    expect(program.stdout).toBe([1, 2, 3, 4].map((n) => numbered(n * 10, n * 10 + 4)).join('') + 'end\n');
  });

  const keepsTheOrder = async (naming: string) => {
    // The scheduler may stop the program at any call of the system: so the rotations happen at each one, and at each two.
    const program = sandbox.run(PYTHON, ['-S', '-c', `
import os, sys, time
sys.path.insert(0, sys.argv[1])
from follow import Follower
directory, naming = sys.argv[2:]
calls = {name: getattr(os, name) for name in ("open", "stat", "fstat", "scandir", "pread")}
def rotate(log, number):
    if naming == "by date":
        os.rename(log, f"{log}-2024010{number}")
    else:
        for old in range(number - 1, 0, -1):
            os.rename(f"{log}.{old}", f"{log}.{old + 1}")
        os.rename(log, log + ".1")
    with open(log, "w") as file:
        file.write(f"after {number}\\n")
def read(log, moments):
    """What the program reads when the log is rotated at these of its calls."""
    count = rotations = 0
    def calling(call):
        def wrapped(*arguments):
            nonlocal count, rotations
            count += 1
            if count in moments:
                rotations += 1
                rotate(log, rotations)
            return call(*arguments)
        return wrapped
    with open(log, "w") as file:
        file.write("first\\n")
    follower = Follower(log, {}, time.time(), {"inputs": [log], "pollSeconds": 0}, sys.stderr.write)
    lines = []
    for name, call in calls.items():
        setattr(os, name, calling(call))
    while rotations < len(moments) or len(lines) <= rotations:
        if count > 1000:
            break
        time.sleep(0.0001)  # quiet for longer than nothing
        lines += [line.decode() for batch in follower.poll() for line in batch.lines()]
    for name, call in calls.items():
        setattr(os, name, call)
    return lines, rotations
wrong = 0
for first in range(1, 31):
    for second in range(first, 31):
        moments = {first, second}
        os.mkdir(f"{directory}/{first}-{second}")
        lines, rotations = read(f"{directory}/{first}-{second}/app.log", moments)
        if lines != ["first"] + [f"after {number}" for number in range(1, len(moments) + 1)]:
            wrong += 1
            print(sorted(moments), lines)
print(wrong, "wrong")
`, programFolder('stream_logs.py'), sandbox.path('logs'), naming]);
    await program.exited;
    expect(program.stderr).toBe('');
    expect(program.stdout).toBe('0 wrong\n');
  };

  it('keeps the order whenever the log is rotated by date, or rotated twice', () => keepsTheOrder('by date'));
  it('keeps the order whenever the log is rotated by number, or rotated twice', () => keepsTheOrder('by number'));

  it('loses nothing under a writer that rotates all the time', async () => {
    const program = start();
    for (let part = 0; part < 20; part++) {
      sandbox.append(numbered(part * 100, part * 100 + 99));
      await pause(part % 5 * 10);
      sandbox.rename('app.log', `app.log-2024013${Math.floor(part / 10)}${part % 10}`);
    }
    sandbox.append('end\n');
    await program.prints('end\n');
    expect(program.stdout).toBe(numbered(0, 1999) + 'end\n');
  });

  it('starts again at the beginning of a truncated file', async () => {
    const program = start();
    sandbox.append(numbered(1, 100));
    await program.prints('line 100\n');
    fs.truncateSync(sandbox.log());
    sandbox.append('after\n');
    await program.prints('after\n');
    await program.says('log-stream: ' + sandbox.log() + ' was truncated');
    expect(program.stdout).toBe(numbered(1, 100) + 'after\n');
  });

  it('notices a truncated file that has grown past the offset, even with a line end at the same place', async () => {
    sandbox.append(numbered(10, 19));
    await streamTo('line 19\n');
    fs.writeFileSync(sandbox.log(), numbered(50, 79));
    expect(await streamTo('line 79\n')).toBe(numbered(50, 79));
  });

  it('reads the unread rest of a file that was copied and truncated while the program was down', async () => {
    sandbox.append(numbered(1, 10));
    await streamTo('line 10\n');
    sandbox.append(numbered(11, 20));
    fs.copyFileSync(sandbox.log(), sandbox.log('app.log.1'));
    fs.writeFileSync(sandbox.log(), numbered(21, 60));
    expect(await streamTo('line 60\n')).toBe(numbered(11, 60));
    sandbox.rename('app.log', 'app.log.2');
    sandbox.append('end\n');
    expect(await streamTo('end\n')).toBe('end\n');
  });

  it('skips the zeros that a writer without append leaves behind a truncation', async () => {
    const writer = fs.openSync(sandbox.log(), 'w');
    fs.writeSync(writer, numbered(1, 2000));
    const program = start();
    await program.prints('line 2000\n');
    fs.truncateSync(sandbox.log());
    await program.says('was truncated');
    fs.writeSync(writer, 'after\n');
    fs.closeSync(writer);
    await program.prints('after\n');
    expect(program.stdout).toBe(numbered(1, 2000) + 'after\n');
  });
});
