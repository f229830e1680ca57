import * as fs from 'fs';
import { PYTHON, Running, Sandbox } from './sandbox';
import { itWith } from '../../support/programs';

const it = itWith('python3');
const MESSAGE = { name: 'message', path: ['message'] };
const LEVEL = { name: 'level', path: ['level'] };

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

function start(settings: object = {}): Running {
  return sandbox.start('json_to_csv.py', { inputs: [sandbox.log()], columns: [LEVEL, MESSAGE], output: null, ...settings });
}

describe('output files', () => {
  const HEADER = 'level,message\r\n';

  function output(keep: number, maxBytes: number): object {
    return { output: { path: sandbox.path('output', 'rows.csv'), maxBytes, keep }, commitSeconds: 0.1 };
  }

  function allRows(): string[] {
    const names = fs.readdirSync(sandbox.path('output')).sort().reverse();
    const texts = names.map((name) => sandbox.read('output', name)).sort((a, b) => firstNumber(a) - firstNumber(b));
    texts.forEach((text) => expect(text.startsWith(HEADER) && text.endsWith('\r\n')).toBe(true));
    return texts.flatMap((text) => text.slice(HEADER.length).split('\r\n').slice(0, -1));
  }

  function firstNumber(text: string): number {
    return parseInt(text.slice(HEADER.length), 10);
  }

  function expected(count: number): string[] {
    return Array.from({ length: count }, (_, i) => `${i + 1},`);
  }

  function lines(from: number, to: number): string {
    return Array.from({ length: to - from + 1 }, (_, i) => `{"level":${from + i}}\n`).join('');
  }

  async function written(row: string): Promise<void> {
    const program = sandbox.run('sh', ['-c', `until grep -q '^${row},' output/*; do sleep 0.05; done; echo found`.replace('output', sandbox.path('output'))]);
    await program.prints('found');
  }

  it('rotates by size without splitting a row, each file with a header, and deletes the oldest', async () => {
    sandbox.append(lines(100, 139));
    const program = start(output(2, HEADER.length + 60));
    await written('139');
    expect(await program.end('SIGTERM')).toBe(0);
    expect(fs.readdirSync(sandbox.path('output'))).toEqual(['rows.csv', 'rows.csv.1', 'rows.csv.2']);
    const rows = (from: number, to: number) => HEADER + Array.from({ length: to - from + 1 }, (_, i) => `${from + i},\r\n`).join('');
    expect(sandbox.read('output', 'rows.csv.2')).toBe(rows(110, 119));
    expect(sandbox.read('output', 'rows.csv.1')).toBe(rows(120, 129));
    expect(sandbox.read('output', 'rows.csv')).toBe(rows(130, 139));
  });

  it('holds every row exactly once after KILL, also over rotations', async () => {
    let last = 0;
    for (const size of [300, 700, 900]) {
      sandbox.append(lines(last + 1, last + size));
      last += size;
      const program = start(output(100, 1000));
      await written(String(last - 50));
      await program.end('SIGKILL');
    }
    const program = start(output(100, 1000));
    sandbox.append(lines(last + 1, ++last));
    await written(String(last));
    expect(await program.end('SIGTERM')).toBe(0);
    expect(allRows()).toEqual(expected(last));
  });

  it('cuts off what was written after the last commit', async () => {
    const settings = output(3, 100_000);
    sandbox.append(lines(1, 10));
    const program = start(settings);
    await written('10');
    await program.end('SIGTERM');
    fs.appendFileSync(sandbox.path('output', 'rows.csv'), '11,\r\n12,\r\n1');
    sandbox.append(lines(11, 13));
    const again = start(settings);
    await written('13');
    await again.end('SIGTERM');
    expect(allRows()).toEqual(expected(13));
  });

  it('ends with a clear message when the disk is full, leaves no torn row, and loses nothing', async () => {
    const args = sandbox.install('json_to_csv.py', { inputs: [sandbox.log()], columns: [LEVEL, MESSAGE], ...output(3, 10_000_000) });
    sandbox.append(lines(1, 5000));
    const full = sandbox.run('sh', ['-c', 'ulimit -f 8; exec "$@"', 'sh', PYTHON, ...args]);
    expect(await full.exited).toBe(1);
    expect(full.stderr).toContain('json-to-csv: cannot write the output: [Errno 27] File too large\n');
    expect(sandbox.read('output', 'rows.csv')).toBe(HEADER);
    const program = start(output(3, 10_000_000));
    await written('5000');
    await program.end('SIGTERM');
    expect(allRows()).toEqual(expected(5000));
  });
});
