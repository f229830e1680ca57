import { Running, Sandbox } from './sandbox';
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

/** Converts what the app wrote, stops, and returns what was printed. */
async function convert(text: string | Buffer, settings: object = {}): Promise<Running> {
  sandbox.append(text);
  const program = start(settings);
  await program.prints('\r\n');
  expect(await program.end('SIGTERM')).toBe(0);
  return program;
}

describe('cells', () => {
  it('quotes commas, quotes and line breaks as RFC 4180 says, and ends rows with CRLF', async () => {
    const { stdout } = await convert('{"message":"a,b \\"c\\"\\r\\nd\\ne","level":"info"}\n{"level":"x\\ry","message":" z "}\n');
    expect(stdout).toBe('level,message\r\ninfo,"a,b ""c""\r\nd\ne"\r\n"x\ry", z \r\n');
  });

  it('picks nested members and array elements, and keeps whole objects and arrays as compact JSON', async () => {
    const columns = [
      { name: 'id', path: ['user', 'id'] },
      { name: 'second', path: ['tags', 1] },
      { name: 'user', path: ['user'] },
      { name: 'tags', path: ['tags'] },
    ];
    const { stdout } = await convert('{"user": {"id": "u1", "nil": null, "on": true}, "tags": ["a", "b\\n\\u00e9"]}\n', { columns });
    expect(stdout).toBe('id,second,user,tags\r\nu1,"b\né","{""id"":""u1"",""nil"":null,""on"":true}","[""a"",""b\\né""]"\r\n');
  });

  it('writes the default for a missing member, nothing for null, and true and false as words', async () => {
    const columns = [{ ...LEVEL, default: 'none' }, MESSAGE, { name: 'deep', path: ['a', 0, 'b'], default: '-' }];
    const { stdout } = await convert('{}\n{"level":null,"message":true,"a":[{"b":false}]}\n{"a":{"0":1}}\n', { columns });
    expect(stdout).toBe('level,message,deep\r\nnone,,-\r\n,true,false\r\nnone,,-\r\n');
  });

  it('writes numbers exactly as the app wrote them, also inside nested values', async () => {
    const digits = '9'.repeat(5000);
    const columns = [LEVEL, MESSAGE, { name: 'all', path: ['all'] }];
    const { stdout } = await convert(`{"level":12345678901234567890,"message":1.10,"all":[-0,1e400,${digits},1.0]}\n{"level":${digits}}\n`, { columns });
    expect(stdout).toBe(`level,message,all\r\n12345678901234567890,1.10,"[-0,1e400,${digits},1.0]"\r\n${digits},,\r\n`);
  });

  it('writes UTF-8 and replaces half surrogate pairs', async () => {
    const { stdout } = await convert('{"level":"\\u00fc😀\\ud83d\\ude00","message":"\\ud800x\\udc00\\u0000"}\n');
    expect(stdout).toBe('level,message\r\nü😀😀,\ufffdx\ufffd\0\r\n');
  });

  it('converts a line of one megabyte', async () => {
    const { stdout } = await convert(`{"level":"big","message":"${'x'.repeat(1_000_000)}"}\n{"level":"next"}\n`);
    expect(stdout).toBe(`level,message\r\nbig,${'x'.repeat(1_000_000)}\r\nnext,\r\n`);
  });
});

describe('malformed lines', () => {
  it('reports each with its number and goes on', async () => {
    const lines = [
      Buffer.from('{"level":"first"}'), Buffer.from('plain text'), Buffer.from('{"level":"cut'), Buffer.from('["array"]'),
      Buffer.from(''), Buffer.from('{"level":1}{"level":2}'), Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      Buffer.from('{"level":NaN}'), Buffer.from('{"level":-Infinity}'), Buffer.from(' {"level":"last"}\r'), Buffer.from(''),
    ];
    const { stdout, stderr } = await convert(Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
    expect(stdout).toBe('level,message\r\nfirst,\r\nlast,\r\n');
    const log = sandbox.log();
    expect(stderr.split('\n')).toEqual([
      `json-to-csv: malformed line 2 of ${log} (1 so far): not JSON: Expecting value at column 1`,
      `json-to-csv: malformed line 3 of ${log} (2 so far): not JSON: Unterminated string starting at at column 10`,
      `json-to-csv: malformed line 4 of ${log} (3 so far): not a JSON object`,
      `json-to-csv: malformed line 6 of ${log} (4 so far): more text after the JSON value at column 12`,
      `json-to-csv: malformed line 7 of ${log} (5 so far): invalid UTF-8 at byte 3`,
      `json-to-csv: malformed line 8 of ${log} (6 so far): NaN is not JSON`,
      `json-to-csv: malformed line 9 of ${log} (7 so far): -Infinity is not JSON`,
      'json-to-csv: stopped after 7 malformed lines',
      '',
    ]);
  });

  it('survives lines that are nested too deeply or hold too many values', async () => {
    const deep = (depth: number) => `{"message":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const { stdout, stderr } = await convert(['['.repeat(100_000), deep(100_000), deep(600), `{"message":[${'[],'.repeat(200_000)}0]}`, '{"level":"ok"}', ''].join('\n'));
    expect(stdout).toMatch(/\r\nok,\r\n$/);
    expect(stderr).toContain('malformed line 2 of');
    expect(stderr).toContain('nested too deeply');
    expect(stderr).toContain(': more than 50000 values');
  });

  it('does not take the commas of a long text for values', async () => {
    const text = ',[{\\\\'.repeat(100_000) + '\\"';
    const { stdout } = await convert(`{"level":"long","message":"${text}"}\n`);
    expect(stdout).toBe(`level,message\r\nlong,"${JSON.parse(`"${text}"`).replaceAll('"', '""')}"\r\n`);
  });

  it('reports at most ten a second and counts the rest', async () => {
    const { stdout, stderr } = await convert('garbage\n'.repeat(5000) + '{"level":"end"}\n');
    expect(stdout).toBe('level,message\r\nend,\r\n');
    expect(stderr.split('\n').length).toBeLessThan(60);
    expect(stderr).toContain('more malformed lines (5000 so far)');
    expect(stderr).toContain('json-to-csv: stopped after 5000 malformed lines');
  });

  it('skips a line that is longer than allowed and says which', async () => {
    const { stdout, stderr } = await convert(`{"level":"a"}\n{"level":"${'x'.repeat(600_000)}"}\n{"level":"b"}\n{"level":"${'y'.repeat(99)}"}\nbad\n`, { maxLineBytes: 100 });
    expect(stdout).toBe('level,message\r\na,\r\nb,\r\n');
    expect(stderr).toContain(`json-to-csv: skipped line 2 of ${sandbox.log()}: it is longer than 100 bytes\n`);
    expect(stderr).toContain('skipped line 4 of');
    expect(stderr).toContain('malformed line 5 of');
  });
});

describe('restarts', () => {
  it('goes on exactly where it stopped after TERM, also within a line', async () => {
    const first = await convert('{"level":"1"}\n{"level":"2"}\n{"lev');
    expect(first.stdout).toBe('level,message\r\n1,\r\n2,\r\n');
    const second = await convert('el":"3"}\n{"level":"4"}');
    expect(second.stdout).toBe('level,message\r\n3,\r\n4,\r\n');
    const third = await convert('\n{"level":"5"}\nbad\n');
    expect(third.stdout).toBe('level,message\r\n5,\r\n');
    expect(third.stderr).toContain('malformed line 6 of');
  });

  it('loses nothing after KILL and repeats at most what was not committed', async () => {
    const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `{"level":${from + i}}\n`).join('');
    sandbox.append(rows(0, 1000));
    const first = start({ commitSeconds: 0.1 });
    await first.prints('\r\n999,');
    await first.process.kill('SIGSTOP');
    sandbox.append(rows(1000, 2000));
    first.process.kill('SIGCONT');
    await first.prints('\r\n1999,');
    await first.end('SIGKILL');
    const second = start();
    sandbox.append(rows(2000, 2001));
    await second.prints('\r\n2000,');
    const numbers = (text: string) => text.split('\r\n').slice(1, -1).map((row) => parseInt(row, 10));
    const repeatedFrom = numbers(second.stdout)[0];
    expect(numbers(second.stdout)).toEqual(Array.from({ length: 2001 - repeatedFrom }, (_, i) => repeatedFrom + i));
    expect(numbers(first.stdout)).toEqual(Array.from({ length: 2000 }, (_, i) => i));
  });

  it('ends with a clear message when the standard output is closed, and goes on later', async () => {
    sandbox.append('{"level":"1"}\n');
    const first = start();
    await first.prints('1,\r\n');
    first.process.stdout!.destroy();
    sandbox.append('{"level":"2"}\n');
    expect(await first.exited).toBe(1);
    expect(first.stderr).toContain('json-to-csv: the standard output was closed\n');
    expect((await convert('{"level":"3"}\n')).stdout).toBe('level,message\r\n2,\r\n3,\r\n');
  });

  it('ends with a clear message when the settings are not complete', async () => {
    const program = sandbox.start('json_to_csv.py', { inputs: [] });
    expect(await program.exited).toBe(2);
    expect(program.stderr).toMatch(/^json-to-csv: cannot read the settings .*json_to_csv.json: columns missing\n$/);
  });
});
