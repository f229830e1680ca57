import { parseArgs } from 'util';
import { KubernetesVersion, versionOf } from '../manifest/kubernetes-version';
import { Pack, Severity } from '../rules/rule';

/** What a report can be written as. */
export enum Format {
  TEXT = 'text',
  JSON = 'json',
  SARIF = 'sarif',
}

/** What the user asked for. */
export interface Options {
  readonly files: readonly string[];
  readonly format: Format;
  readonly packs?: readonly Pack[];
  readonly target?: KubernetesVersion;
  /** The least severe finding that makes the check fail. */
  readonly failOn: Severity;
  readonly recursive: boolean;
  /** Whether the files are only a part of an app. */
  readonly partial: boolean;
}

/** What a command line means; a problem is a sentence for the user. */
export type CommandLine =
  | { readonly does: 'check'; readonly options: Options }
  | { readonly does: 'help' | 'version' }
  | { readonly does: 'fail'; readonly problem: string };

const KNOWN = {
  'pack': { type: 'string', multiple: true },
  'format': { type: 'string' },
  'target': { type: 'string' },
  'fail-on': { type: 'string' },
  'recursive': { type: 'boolean', short: 'R' },
  'partial': { type: 'boolean' },
  'help': { type: 'boolean', short: 'h' },
  'version': { type: 'boolean' },
} as const;

/** Reads what stands after the name of the program. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: KNOWN });
    if (values.help || argv.length === 0) {
      return { does: 'help' };
    }
    if (values.version) {
      return { does: 'version' };
    }
    const [command, ...files] = positionals;
    if (command !== 'check') {
      return problem(command === undefined ? 'a command is missing: "check"' : `"${command}" is not a command; there is "check"`);
    }
    if (files.length === 0) {
      return problem('a file is missing; "-" is standard input');
    }
    return {
      does: 'check',
      options: {
        files,
        format: oneOf('--format', values.format, Format) ?? Format.TEXT,
        packs: values.pack?.map((pack) => oneOf('--pack', pack, Pack)!),
        target: oneOf('--target', versionOf(values.target) ?? values.target, KubernetesVersion),
        failOn: oneOf('--fail-on', values['fail-on'], Severity) ?? Severity.WARNING,
        recursive: values.recursive ?? false,
        partial: values.partial ?? false,
      },
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [first] = message.split('. ');
    return problem(code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? `${first}; there are ${Object.keys(KNOWN).map((name) => `--${name}`).join(', ')}` : first);
  }
}

function problem(text: string): CommandLine {
  return { does: 'fail', problem: text };
}

/** The member of an enum that a text names. */
function oneOf<T extends string>(option: string, value: string | undefined, known: { readonly [name: string]: T }): T | undefined {
  const found = Object.values(known).find((one) => one === value);
  if (value !== undefined && found === undefined) {
    throw new Error(`"${value}" is not known to ${option}; it takes ${Object.values(known).join(', ')}`);
  }
  return found;
}
