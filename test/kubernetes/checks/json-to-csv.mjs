// Ten thousand rows, each visible within a second; every malformed line is counted, and none of them stops the converter.
import { check, report } from '../lib/check.mjs';
import { create, exec, follow, ready, restarted, sleep, until } from '../lib/kubectl.mjs';
import { app } from '../lib/manifests.mjs';

const WHOLE = 9900;
const MALFORMED = 100;
const ROW = /^(\d+),(\d+\.\d+),"Ada, ""Countess"""$/;

await check('json-to-csv', async (namespace) => {
  await create(namespace, await app('orders', namespace));
  await ready(namespace, 'orders');
  const output = follow(namespace, 'orders', 'json-to-csv');
  await exec(namespace, 'orders', 'app', ['touch', '/tmp/go']);

  const rows = () => output.lines.map(({ time, text }) => ({ time, row: ROW.exec(text.trimEnd()) })).filter(({ row }) => row);
  await until('all rows', () => rows().length >= WHOLE, 60).catch(() => {});
  await sleep(2000);
  output.stop();

  const found = rows();
  const ids = new Set(found.map(({ row }) => row[1]));
  report(ids.size === WHOLE && found.length === WHOLE, 'every whole line becomes one row', `${found.length} rows, ${ids.size} of ${WHOLE} lines`);

  const delays = found.map(({ time, row }) => Date.parse(time) / 1000 - Number(row[2])).sort((a, b) => a - b);
  const percentile = (part) => `${(1000 * delays[Math.floor((delays.length - 1) * part)]).toFixed(0)} ms`;
  report(delays.at(-1) < 1, 'every row is there within a second', `median ${percentile(0.5)}, 99 % ${percentile(0.99)}, longest ${percentile(1)}`);

  const counts = output.lines.flatMap(({ text }) => [...text.matchAll(/\((\d+) so far\)/g)].map(([, count]) => Number(count)));
  const headers = output.lines.filter(({ text }) => text.trimEnd() === 'id,written,name').length;
  report(Math.max(0, ...counts) === MALFORMED, 'malformed lines are counted on standard error', `${Math.max(0, ...counts)} of ${MALFORMED}`);
  report(headers === 1, 'the header is there once', `${headers} times`);
  const again = await restarted(namespace, 'orders');
  report(!again, 'nothing restarts', again);
});
