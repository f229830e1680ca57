import { checkSources } from './check';
import { helpText } from './help';
import { readSources, Source, sourceOf } from './input/sources';
import { CommandLine, Format, Options, readCommandLine } from './options';
import { renderJson } from './output/json';
import { renderSarif } from './output/sarif';
import { renderText } from './output/text';
import { packageOf } from './package';
import { Report } from './report';
import { targetOf } from '../manifest/kubernetes-version';
import { currentDay } from '../rules/report';
import { Severity } from '../rules/rule';

/** What shells and pipelines read of a run. */
enum ExitStatus {
  CLEAN = 0,
  FINDINGS = 1,
  UNUSABLE = 2,
}

/** What SARIF calls standard input, which has no path. */
const STANDARD_INPUT = 'stdin';

const RENDER = { [Format.TEXT]: renderText, [Format.JSON]: renderJson, [Format.SARIF]: renderSarif };

/** Runs the command with the arguments of this process and sets its exit status. */
export async function main(): Promise<void> {
  // Whoever reads may stop early, as `head` does.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        throw error;
      }
    });
  }
  try {
    process.exitCode = await run(readCommandLine(process.argv.slice(2)));
  } catch (error) {
    // A defect of this program must not look like findings.
    process.stderr.write(`cdk8s-pod-patterns: ${(error as Error).stack}\n`);
    process.exitCode = ExitStatus.UNUSABLE;
  }
}

async function run(line: CommandLine): Promise<ExitStatus> {
  switch (line.does) {
    case 'help':
      process.stdout.write(helpText());
      return ExitStatus.CLEAN;
    case 'version':
      process.stdout.write(`${packageOf().version}\n`);
      return ExitStatus.CLEAN;
    case 'fail':
      process.stderr.write(`cdk8s-pod-patterns: ${line.problem}\n  fix: see cdk8s-pod-patterns --help\n`);
      return ExitStatus.UNUSABLE;
    case 'check':
      return check(line.options);
  }
}

async function check(options: Options): Promise<ExitStatus> {
  const { packs, partial, format, failOn } = options;
  const input = options.files.includes('-') ? inputOf(await readStandardInput()) : undefined;
  const report = checkSources(sourcesOf(options, input), {
    packs, partial, target: options.target && targetOf(options.target), today: currentDay(),
  });
  for (const { file, line, reason } of report.unusable) {
    process.stderr.write(`${file}:${line}: unusable: ${reason}\n`);
  }
  process.stdout.write(RENDER[format](report));
  return statusOf(report, failOn);
}

function* sourcesOf({ files, recursive }: Options, input: Source | undefined): Generator<Source> {
  for (const file of files) {
    if (file === '-' && input) {
      yield input;
    } else {
      yield* readSources([file], recursive);
    }
  }
}

/** In a pipe nothing else tells that the program before has failed; kubectl refuses to apply nothing, too. */
function inputOf(bytes: Buffer): Source {
  return bytes.length === 0
    ? { file: STANDARD_INPUT, defect: { line: 1, reason: 'nothing came in; has the program before it failed?' } }
    : sourceOf(STANDARD_INPUT, bytes);
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function statusOf({ unusable, findings, leftOut }: Report, failOn: Severity): ExitStatus {
  if (unusable.length > 0) {
    return ExitStatus.UNUSABLE;
  }
  const fails = findings.some(({ finding }) => failOn === Severity.WARNING || finding.severity === Severity.ERROR)
    || leftOut.errors > 0 || (failOn === Severity.WARNING && leftOut.warnings > 0);
  return fails ? ExitStatus.FINDINGS : ExitStatus.CLEAN;
}
