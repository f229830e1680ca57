import { spawnSync } from 'child_process';
import { itWith } from './programs';

/** `test` where the validation of the API server is at hand as a program. */
export const withApicheck = process.env.APICHECK ? test : itWith('apicheck');

/** What the API server says of each object: a line, and one more for each thing that it finds. */
export function verdictsOn(objects: readonly object[]): string[] {
  const input = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { stdout } = spawnSync(process.env.APICHECK ?? 'apicheck', { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const verdicts = stdout.split(/\n(?=(?:DECODE-ERROR|[A-Z]\w+(?:\/\S*)?:) )/);
  expect(verdicts).toHaveLength(objects.length);
  return verdicts;
}
