import { SCHEMAS } from './schemas';
import { mistypedIn } from './types';
import { kindOf } from '../../manifest/kinds';
import { ObjectRule, Pack, RuleFinding, Severity } from '../rule';

/** Nearly always. */
const NONE: RuleFinding[] = [];

/** Numbers and flags in quotes, strings without them, objects in the place of lists, words that a field does not know, numbers below its least. */
export const valueTypes: ObjectRule = {
  id: 'value-types',
  severity: Severity.ERROR,
  pack: Pack.VALID,
  kinds: [...SCHEMAS.keys()],
  looksAtMakeOnly: true,
  summary: 'Every value is of the type that its field has: a number within its bounds, a flag, a string, one of a few words, a list, an object, or bytes in base64.',
  why: 'the API server converts nothing: it rejects an object with `"3"` for a number, `"true"` for a flag, `tcp` for `TCP`, or a negative number of replicas; the medium of a volume it does not look at, and the kubelet then never mounts the volume',
  fix: 'write numbers and flags without quotes and strings with them; a template of Helm has `quote` for strings only; write words exactly as the API has them; what is not in base64 belongs into the `stringData` of a Secret',
  source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
  notApplicable: 'to what is missing or null, which means nothing is set; to commands, the environment and the labels of pods, where `text-values` applies; to quantities and to the numbers of ports, probes, users and file modes, which have rules of their own; and to custom resources',
  bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: "3"
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:1.0" }] }
`,
  seen: 'The API server of Kubernetes 1.33.13 refused the bad example with `json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32` and accepted the good one. A volume with `medium: memory` it accepted, and the container was never created: `FailedMount: … unknown storage medium "memory"`; with `medium: Memory` it was a tmpfs.',
  checkObject({ object }) {
    const schema = SCHEMAS.get(kindOf(object));
    const found = schema && mistypedIn(object, schema);
    return found?.length === 0 ? NONE : found?.map(({ field, fact }) => ({ field: field.slice(1), fact }));
  },
};
