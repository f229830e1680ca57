// Measures the JSON to CSV program as its container runs it: throughput, peak resident memory, latency.
// Run: node benchmark/json-to-csv.mjs [lines]      (Linux with python3)

import { spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PARTS = fileURLToPath(new URL('../src/parts/', import.meta.url));
const COLUMNS = [['time'], ['level'], ['user', 'id'], ['message'], ['duration'], ['path']];
const LINES = Number(process.argv[2] ?? 300_000);
const LATENCY_SAMPLES = 40;

/** A line of 200 bytes with what real logs have: nesting, quotes, a decimal number. */
function jsonLine(number) {
  const record = {
    time: new Date(1_700_000_000_000 + number).toISOString(),
    level: 'info',
    user: { id: number },
    message: 'request "finished", after a while',
    duration: number / 8,
    path: `/api/baskets/${number}`,
    filler: '',
  };
  record.filler = 'x'.repeat(Math.max(0, 199 - JSON.stringify(record).length));
  return JSON.stringify(record) + '\n';
}

function install(directory) {
  for (const folder of ['programs', 'adapters/json-to-csv']) {
    for (const file of readdirSync(join(PARTS, folder)).filter((name) => name.endsWith('.py'))) {
      copyFileSync(join(PARTS, folder, file), join(directory, file));
    }
  }
  mkdirSync(join(directory, 'state'));
  writeFileSync(join(directory, 'settings.json'), JSON.stringify({
    inputs: [join(directory, 'app.log')],
    columns: COLUMNS.map((path) => ({ name: path.join('_'), path })),
    output: null,
    stateDirectory: join(directory, 'state'),
  }));
}

/** Converts what is in the log already, then what is appended; calls back with the number of rows so far. */
function start(directory, onRows) {
  const program = spawn('python3', [join(directory, 'json_to_csv.py'), join(directory, 'settings.json')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let rows = -1; // the header
  program.stdout.on('data', (chunk) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) {
      rows += 1;
    }
    onRows(rows);
  });
  return program;
}

function stop(program) {
  program.kill();
  return new Promise((resolve) => { program.on('close', resolve); });
}

function peakMemory(program) {
  return /VmHWM:\s+(.*)/.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))[1];
}

async function inNewDirectory(measure) {
  const directory = mkdtempSync(join(tmpdir(), 'json-to-csv-'));
  try {
    install(directory);
    await measure(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Resolves once so many rows have come, after which the program still runs. */
function convertAll(directory, rows) {
  return new Promise((resolve) => {
    let firstAt;
    const program = start(directory, (count) => {
      firstAt ??= performance.now();
      if (count === rows) {
        resolve({ program, seconds: (performance.now() - firstAt) / 1000 });
      }
    });
  });
}

async function throughput(directory) {
  const log = join(directory, 'app.log');
  for (let from = 0; from < LINES; from += 10_000) {
    appendFileSync(log, Array.from({ length: Math.min(10_000, LINES - from) }, (_, i) => jsonLine(from + i)).join(''));
  }
  const { program, seconds } = await convertAll(directory, LINES);
  console.log(`${LINES} lines of 200 bytes, ${COLUMNS.length} columns: ${Math.round(LINES / seconds)} lines/s, VmHWM ${peakMemory(program)}`);
  await stop(program);
}

async function longLines(directory) {
  for (let number = 0; number < 20; number += 1) {
    appendFileSync(join(directory, 'app.log'), JSON.stringify({ message: 'é'.repeat(500_000), level: number }) + '\n');
  }
  const { program } = await convertAll(directory, 20);
  console.log(`20 lines of 1 MB: VmHWM ${peakMemory(program)}`);
  await stop(program);
}

async function latency(directory) {
  const delays = [];
  let written = 0;
  let resolveAll;
  const all = new Promise((resolve) => { resolveAll = resolve; });
  const program = start(directory, (rows) => {
    if (rows > 0) {
      delays.push(performance.now() - written);
    }
    if (rows === LATENCY_SAMPLES) {
      resolveAll();
      return;
    }
    // At changing distances from the program's polls.
    setTimeout(() => {
      written = performance.now();
      appendFileSync(join(directory, 'app.log'), jsonLine(rows));
    }, 37 * (rows % 7));
  });
  await all;
  await stop(program);
  delays.sort((a, b) => a - b);
  console.log(`latency of ${LATENCY_SAMPLES} single lines: p50 ${delays[LATENCY_SAMPLES / 2].toFixed(0)} ms, max ${delays.at(-1).toFixed(0)} ms`);
}

await inNewDirectory(throughput);
await inNewDirectory(longLines);
await inNewDirectory(latency);
