import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { AdapterPod, CsvColumn, Fluentd, JsonToCsv, LogStream, PodPart, SidecarPod } from 'cdk8s-pod-patterns';

const LOG = '/var/log/app/app.jsonl';

/** Writes nothing until it is told to stop, and then two hundred lines at once. */
const LAST_LINES = `
stopping=
trap 'stopping=yes' TERM
while [ -z "$stopping" ]; do sleep 0.1; done
number=1000
while [ "$number" -lt 1200 ]; do
  printf '{"line": "last-%d"}\\n' "$number"
  number=$((number + 1))
done >> ${LOG}
`;

const app: kplus.ContainerProps = {
  name: 'app',
  image: 'busybox:1.37.0',
  command: ['sh', '-c', LAST_LINES],
};

function readers(nativeSidecar: boolean): PodPart[] {
  return [
    new LogStream({ files: [LOG], nativeSidecar }),
    new JsonToCsv({ input: [LOG], columns: [CsvColumn.of('line')], nativeSidecar }),
    new Fluentd({ tail: [LOG], nativeSidecar }),
  ];
}

const synthesis = new App();
const chart = new Chart(synthesis, 'drain', { disableResourceNameHashes: true });
for (const kind of ['native', 'regular']) {
  for (const reader of readers(kind === 'native')) {
    const props = { metadata: { name: `${reader.name}-${kind}` }, app };
    if (reader instanceof JsonToCsv) {
      new AdapterPod(chart, `${reader.name}-${kind}`, { ...props, adapter: reader });
    } else {
      new SidecarPod(chart, `${reader.name}-${kind}`, { ...props, sidecar: reader });
    }
  }
}
synthesis.synth();
