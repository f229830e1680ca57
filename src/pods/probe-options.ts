import { ApiObjectMetadataDefinition } from 'cdk8s';
import { AppOptions } from './app-options';
import { waiverAnnotation } from '../manifest/annotations';
import { quoted } from '../manifest/check-input';

/** Liveness and readiness of the app are demanded, or declined with a reason. */
export interface ProbeOptions {
  /**
   * Why the app has no liveness probe. It becomes an annotation of the object, where reviewers see it.
   *
   * @default - a liveness probe is demanded
   */
  readonly livenessDeclined?: string;

  /**
   * Why the app has no readiness probe: usually because no traffic arrives. It becomes an annotation of the object.
   *
   * @default - a readiness probe is demanded
   */
  readonly readinessDeclined?: string;
}

/**
 * Refuses an app without probes and without reasons: the earliest line that can know, and nothing has been added to the tree yet.
 *
 * @param spec field path of the pod spec, as kubectl prints it
 */
export function demandProbes(path: string, spec: string, props: ProbeOptions & Partial<AppOptions>): void {
  const probes = [
    { kind: 'liveness', probe: props.app?.liveness, reason: props.livenessDeclined, effect: 'restarts an app that hangs' },
    { kind: 'readiness', probe: props.app?.readiness, reason: props.readinessDeclined, effect: 'keeps traffic away from an app that cannot take it' },
  ];
  const problems = probes.flatMap(({ kind, probe, reason, effect }) => {
    const field = `${spec}.containers[0].${kind}Probe`;
    if (reason !== undefined && reason !== null && typeof reason !== 'string') {
      return [`${path}: ${field}: ${quoted(reason)} is not a reason\n`
        + '  why: it becomes an annotation, which reviewers read\n'
        + `  fix: say why in a sentence: \`${kind}Declined: '...'\``];
    }
    if (probe && reason) {
      return [`${path}: ${field}: is given, and declined: "${reason}"\n`
        + '  why: one of the two is a mistake\n'
        + `  fix: remove \`${kind}Declined\`, or the probe`];
    }
    if (!probe && !reason?.trim()) {
      return [`${path}: ${field}: missing\n`
        + `  why: the ${kind} probe ${effect}; nobody but you knows the endpoint\n`
        + `  fix: give \`app.${kind}\`, such as kplus.Probe.fromHttpGet('/healthz'), or say why there is none: \`${kind}Declined: '...'\``];
    }
    return [];
  });
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
}

/** Writes the reasons where reviewers see them: on the object, since on the template of a workload an edited reason would roll its pods. */
export function annotateDeclinedProbes(metadata: ApiObjectMetadataDefinition, props: ProbeOptions): void {
  annotateReason(metadata, 'liveness-probe', props.livenessDeclined);
  annotateReason(metadata, 'readiness-probe', props.readinessDeclined);
}

/** Writes why a demand does not hold for an object; without a reason nothing. */
export function annotateReason(metadata: ApiObjectMetadataDefinition, rule: string, reason?: string): void {
  if (reason) {
    metadata.addAnnotation(waiverAnnotation(rule), reason.trim());
  }
}
