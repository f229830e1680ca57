import { DEFAULT_TARGET, KubernetesVersion } from '../manifest/kubernetes-version';
import { ALL_RULES } from '../rules/index';
import { PACK_SUMMARIES, rulesOf } from '../rules/packs';
import { Pack } from '../rules/rule';

/** The help text: the options, then every rule, from the data of the rules. */
export function helpText(): string {
  const versions = Object.values(KubernetesVersion);
  return `Checks Kubernetes manifests against the rules of cdk8s-pod-patterns.

  cdk8s-pod-patterns check [options] FILE...

FILE is YAML or JSON of any origin, as "helm template" or "kustomize build" write it; "-" is standard input; a directory stands
for the *.yaml, *.yml and *.json in it.

  --pack NAME       hold the objects to the rules of a pack only; may be repeated (default: all packs)
  --format FORMAT   text, json or sarif (default: text)
  --target VERSION  the Kubernetes that they are for, ${versions[0]} to ${versions[versions.length - 1]} (default: ${DEFAULT_TARGET.version})
  --fail-on LEVEL   error: warnings alone are no failure (default: warning)
  --partial         the files are only a part of an app: report nothing as missing because it is in none of them
  -R, --recursive   directories below directories, too
  -h, --help        this text
  --version         the version of this package

Exit status: 0 nothing found, 1 findings, 2 something could not be read or the command line is wrong.

${Object.values(Pack).map(packText).join('\n')}`;
}

function packText(pack: Pack): string {
  const rules = rulesOf(ALL_RULES, [pack]);
  const width = Math.max(0, ...rules.map(({ id }) => id.length));
  const rows = rules.map(({ id, severity, summary }) => `  ${id.padEnd(width)}  ${severity.padEnd(7)}  ${summary}`);
  return `Pack ${pack}: ${PACK_SUMMARIES[pack].replaceAll('*', '')}\n${rows.map((row) => `${row}\n`).join('')}`;
}
