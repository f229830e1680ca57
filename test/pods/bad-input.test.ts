import { ApiObject, App, Chart, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as library from '../../src';
import {
  Adapter, Ambassador, AmbassadorPod, CsvColumn, CsvOutput, Fluentd, FluentdOutput, HAProxy, JsonToCsv, LogRotation, LogStream, MetricsAdapter,
  ProductionPod, ProductionReady, SharedDirectory, Sidecar, SidecarPod, Upstream,
} from '../../src';

const image = 'registry.example/web:1.0.0';
const HOST = 'catalog.shop.svc.cluster.local';
const MIB = Size.mebibytes(1);
const declined = { livenessDeclined: 'a worker', readinessDeclined: 'no traffic' };

/** The library as a caller without types sees it. */
const untyped: any = library;

let chart: Chart;
beforeEach(() => {
  chart = new Chart(new App(), 'shop');
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

const production = (props: any = {}) => new ProductionPod(chart, 'Web', { app: { image }, ...declined, ...props });
const app = (props: any) => production({ app: { image, ...props } });
const part = (value: any) => production({ parts: [value] });
const web = (...containers: any[]) => new kplus.Deployment(chart, 'Web', { containers: containers.length > 0 ? containers : [{ name: 'web', image, securityContext: { user: 5 } }] });

/** What the author reads: thrown at the line, or at synth. */
function errorOf(program: () => unknown): Error {
  try {
    program();
    Testing.synth(chart);
  } catch (error) {
    return error as Error;
  }
  throw new Error('the program was accepted');
}

/** A wrong program, and the first words that its author reads. */
type Wrong = [what: string, program: () => unknown, message: string];

const MISSING: Wrong[] = [
  ['a sidecar pod without an app', () => new untyped.SidecarPod(chart, 'Web', { sidecar: new Sidecar({ image }) }), 'shop/Web: app: missing'],
  ['a sidecar pod without a sidecar', () => new untyped.SidecarPod(chart, 'Web', { app: { image } }), 'shop/Web: sidecar: missing'],
  ['an adapter pod without an adapter', () => new untyped.AdapterPod(chart, 'Web', { app: { image } }), 'shop/Web: adapter: missing'],
  ['an ambassador pod without an ambassador', () => new untyped.AmbassadorPod(chart, 'Web', { app: { image } }), 'shop/Web: ambassador: missing'],
  ['a production pod without an app', () => new untyped.ProductionPod(chart, 'Web', { ...declined }), 'shop/Web: app: missing'],
  ['a production pod without props', () => new untyped.ProductionPod(chart, 'Web'), 'shop/Web: '],
  ['an app without an image', () => production({ app: {} }), 'shop/Web: spec.containers[0].image: "" is no image, and one is required'],
  ['a part without an image', () => part(new untyped.Sidecar({})), 'shop/Web: spec.initContainers[0].image: "" is no image, and one is required'],
  ['a part without props', () => part(new untyped.Sidecar()), 'Sidecar: '],
  ['fluentd without files', () => part(new untyped.Fluentd({})), 'Fluentd: tail: '],
  ['fluentd with an empty list of files', () => part(new Fluentd({ tail: [] })), 'Fluentd: tail: no file is named'],
  ['a log stream without files', () => part(new untyped.LogStream({})), 'LogStream: files: '],
  ['a converter without columns', () => part(new untyped.JsonToCsv({ input: ['/log/a.jsonl'] })), 'JsonToCsv: columns: '],
  ['a converter with an empty list of columns', () => part(new JsonToCsv({ input: ['/log/a.jsonl'], columns: [] })), 'JsonToCsv: columns: none is given'],
  ['a proxy without upstreams', () => part(new untyped.HAProxy({})), 'HAProxy: upstreams: '],
  ['a proxy with an empty list of upstreams', () => part(new HAProxy({ upstreams: [] })), 'HAProxy: upstreams: none is given'],
  ['an ambassador without a port', () => part(new untyped.Ambassador({ image })), 'Ambassador: localPort: "undefined" is not a port'],
  ['a metrics adapter without a port', () => part(new untyped.MetricsAdapter({ image })), 'shop/Web: spec.initContainers[0].ports[0].containerPort: "" is no port, and one is required'],
  ['a directory without a bound', () => untyped.SharedDirectory.onDisk('/data'), 'SharedDirectory: "/data": sizeLimit'],
  ['a directory with empty options', () => untyped.SharedDirectory.onDisk('/data', {}), 'SharedDirectory: "/data": sizeLimit'],
  ['an unbounded directory without a reason', () => SharedDirectory.unbounded('/data', ' '), 'SharedDirectory: "/data" is unbounded without a reason'],
  ['a forgotten liveness probe', () => production({ livenessDeclined: undefined }), 'shop/Web: spec.containers[0].livenessProbe: missing'],
  ['a forgotten readiness probe', () => production({ readinessDeclined: undefined }), 'shop/Web: spec.containers[0].readinessProbe: missing'],
];

const TYPES: Wrong[] = [
  ['an app that is text', () => production({ app: 'nginx:1.30.4' }), 'shop/Web: spec.containers[0].image: "" is no image, and one is required'],
  ['a part that is plain data', () => part({ image }), 'shop/Web: parts: '],
  ['parts that are one part', () => production({ parts: new Sidecar({ image }) }), 'shop/Web: parts: '],
  ['the class of a part instead of a part', () => part(Sidecar), 'shop/Web: parts: '],
  ['files as one text', () => part(new untyped.Fluentd({ tail: '/log/a.log' })), 'Fluentd: tail: "/log/a.log" is not a list'],
  ['a file that is a number', () => part(new untyped.Fluentd({ tail: [5] })), 'Fluentd: tail: "5"'],
  ['columns as text', () => part(new untyped.JsonToCsv({ input: ['/log/a.jsonl'], columns: ['id'] })), 'JsonToCsv: columns: "id"'],
  ['an upstream as text', () => part(new untyped.HAProxy({ upstreams: [HOST] })), `HAProxy: upstreams: "${HOST}"`],
  ['a size as text', () => untyped.SharedDirectory.onDisk('/data', { sizeLimit: '64Mi' }), 'SharedDirectory: "/data": sizeLimit: "64Mi" is not a Size'],
  ['a size as a number', () => untyped.SharedDirectory.onDisk('/data', { sizeLimit: 64 }), 'SharedDirectory: "/data": sizeLimit: "64" is not a Size'],
  ['a path that is missing', () => untyped.SharedDirectory.onDisk(undefined, { sizeLimit: MIB }), 'SharedDirectory: "undefined"'],
  ['a drain as a number', () => production({ drain: 20 }), 'shop/Web: drain: "20" is not a Duration'],
  ['a drain of a part as a number', () => part(new untyped.Sidecar({ image, drain: 20 })), 'Sidecar: drain: "20" is not a Duration'],
  ['a port of an upstream as text', () => untyped.Upstream.tcp('db', '10.0.0.1', '5432'), 'Upstream "db": port: "5432"'],
  ['an upstream without a host', () => untyped.Upstream.tcp('db'), 'Upstream "db": host: "undefined"'],
  ['an upstream without a name', () => untyped.Upstream.tcp(undefined, '10.0.0.1', 1), 'Upstream undefined: name: "undefined"'],
  ['a column without a name', () => untyped.CsvColumn.of(), 'CsvColumn: name: '],
  ['a column path that is a number', () => untyped.CsvColumn.of('id', { path: 5 }), 'CsvColumn: "id": path: "5"'],
  ['a port as text', () => app({ portNumber: '8080' }), 'shop/Web: spec.containers[0].ports[0].containerPort: "8080" is not a number; did you mean 8080?'],
  ['a name that is a number', () => app({ name: 5 }), 'shop/Web: spec.containers[0].name: "5" is not a string'],
  ['an image that is a number', () => app({ image: 5 }), 'shop/Web: spec.containers[0].image: "5" is not a string'],
  ['a reason that is a flag', () => production({ livenessDeclined: true }), 'shop/Web: spec.containers[0].livenessProbe: '],
  ['writable paths as one text', () => production({ writablePaths: '/tmp' }), 'shop/Web: writablePaths: "/tmp" is not a list'],
  ['a user name for ProductionReady', () => new untyped.ProductionReady({ user: 'nginx' }), 'ProductionReady: user: "nginx" is not a user id from 1 to 2147483647'],
];

const NAMES: Wrong[] = [
  ['the tag latest', () => app({ image: 'nginx:latest' }), 'shop/Web: spec.containers[0].image: "nginx:latest" has the tag latest'],
  ['no tag', () => app({ image: 'nginx' }), 'shop/Web: spec.containers[0].image: "nginx" has no tag, which means latest'],
  ['an image with capitals', () => app({ image: 'Nginx:1.0' }), 'shop/Web: spec.containers[0].image: "Nginx:1.0" is no image name; did you mean "nginx:1.0"?'],
  ['an image of a part with a blank', () => part(new Sidecar({ image: 'my image:1' })), 'shop/Web: spec.initContainers[0].image: "my image:1" has a blank'],
  ['a container name with an underscore', () => app({ name: 'my_app' }), 'shop/Web: spec.containers[0].name: "my_app" is no RFC 1123 label (lower case letters, digits and "-"); did you mean "my-app"?'],
  ['a part name with capitals', () => part(new Sidecar({ name: 'Logs', image })), 'Sidecar: name: "Logs" is not a DNS label of at most 40 characters'],
  ['a part name that is too long', () => part(new Fluentd({ name: 'x'.repeat(41), tail: ['/log/a.log'] })), `Fluentd: name: "${'x'.repeat(41)}" is not a DNS label of at most 40 characters`],
  ['two parts of one name', () => production({ parts: [new Sidecar({ image }), new Sidecar({ image })] }), 'shop/Web: "sidecar" is already the name of a part of this pod'],
  ['one part given twice', () => {
    const sidecar = new Sidecar({ image });
    return new SidecarPod(chart, 'Web', { app: { image }, sidecar }).with(sidecar);
  }, 'shop/Web: "sidecar" is already the name of a part of this pod'],
  ['two containers without a name', () => production({ containers: [{ image }, { image }] }), 'shop/Web: spec.containers[2].name: "main" is already the name of containers[1]'],
  ['a part that is called like the app', () => part(new Sidecar({ name: 'app', image })), 'shop/Web: spec.containers[0].name: "app" is already the name of initContainers[0]'],
  ['an upstream name with an underscore', () => Upstream.tcp('my_db', '10.0.0.1', 1), 'Upstream "my_db": name: "my_db" is not a lowercase DNS label that starts with a letter'],
  ['two upstreams of one name', () => part(new HAProxy({ upstreams: [Upstream.tcp('db', '10.0.0.1', 1), Upstream.tcp('db', '10.0.0.2', 1)] })), 'Upstream "db": name: "db" is already used by upstream "db"'],
  ['two columns of one name', () => part(new JsonToCsv({ input: ['/log/a.jsonl'], columns: [CsvColumn.of('id'), CsvColumn.of('id')] })), 'JsonToCsv: columns: "id" is the name of two columns'],
  ['a column without letters', () => CsvColumn.of(''), 'CsvColumn: name: "" is empty'],
  ['a CSV file name with a directory', () => CsvOutput.file(SharedDirectory.onDisk('/csv', { sizeLimit: MIB }), 'a/b.csv'), 'CsvOutput.file: fileName: "a/b.csv" is not a plain file name'],
  ['a variable that the app has', () => production({ app: { image, envVariables: { AMBASSADOR_URL: kplus.EnvValue.fromValue('x') } }, parts: [new Ambassador({ image, localPort: 15432 })] }),
    'shop/Web: container "app": env: "AMBASSADOR_URL" is set already, and part "ambassador" gives it too'],
  ['a variable that the app gets later', () => part(new Ambassador({ image, localPort: 15432 })).app.env.addVariable('AMBASSADOR_URL', kplus.EnvValue.fromValue('x')),
    'shop/Web: container "app": env: "AMBASSADOR_URL" is set'],
  ['a variable name with "="', () => part(new Ambassador({ image, localPort: 15432, hostVariable: 'DB=HOST' })), 'shop/Web: spec.containers[0].env[0].name: "DB=HOST"'],
];

const PORTS: Wrong[] = [
  ['a port above 65535', () => app({ portNumber: 80800 }), 'shop/Web: spec.containers[0].ports[0].containerPort: "80800" is not a whole number from 1 to 65535'],
  ['an ambassador on port 0', () => new Ambassador({ image, localPort: 0 }), 'Ambassador: localPort: "0" is not a port'],
  ['metrics on port 0', () => part(new MetricsAdapter({ image, metricsPort: 0 })), 'shop/Web: spec.initContainers[0].ports[0].containerPort: "0" is not a whole number from 1 to 65535'],
  ['metrics on a port that is declared again', () => part(new MetricsAdapter({ image, metricsPort: 9113, portNumber: 9113 })), 'shop/Web: '],
  ['two containers on one port', () => production({ app: { image, portNumber: 8080 }, parts: [new Sidecar({ image, portNumber: 8080 })] }), 'shop/Web: spec.containers[0].ports[0].containerPort: "8080/TCP" of container "app" is already opened by container "sidecar"'],
  ['two proxies on one local port', () => part(new HAProxy({ upstreams: [Upstream.tcp('a', '10.0.0.1', 1, { localPort: 5432 }), Upstream.tcp('b', '10.0.0.1', 1, { localPort: 5432 })] })),
    'Upstream "b": localPort: "5432" is already the port of upstream "a"'],
  ['a local port below 1024', () => Upstream.tcp('db', '10.0.0.1', 80, { localPort: 80 }), 'Upstream "db": localPort: "80" is not a port from 1024 to 65535'],
  ['a health port below 1024', () => part(new HAProxy({ healthPort: 80, upstreams: [Upstream.tcp('db', '10.0.0.1', 80)] })), 'HAProxy: healthPort: "80" is not a port from 1024 to 65535'],
  ['a health port of fluentd that is none', () => part(new Fluentd({ tail: ['/log/a.log'], healthPort: 0 })), 'shop/Web: spec.initContainers[0].livenessProbe.httpGet.port: "0" is not a whole number from 1 to 65535'],
  ['a probe that dials localhost', () => part(new Ambassador({ image, localPort: 15432, startup: kplus.Probe.fromTcpSocket({ port: 15432 }) })),
    'shop/Web: spec.initContainers[0].startupProbe.tcpSocket.port: "15432" listens on 127.0.0.1 only, in container "ambassador"'],
  ['a host with a scheme', () => Upstream.http('catalog', `http://${HOST}`, 80), `Upstream "catalog": host: "http://${HOST}" is neither a DNS name nor an IP address`],
  ['a host with a port', () => Upstream.http('catalog', `${HOST}:80`, 80), `Upstream "catalog": host: "${HOST}:80" is neither a DNS name nor an IP address`],
  ['a short host', () => Upstream.http('catalog', 'catalog', 80), 'Upstream "catalog": host: "catalog" is not a full DNS name'],
  ['a receiver with a scheme', () => FluentdOutput.forward('tcp://logs.example'), 'FluentdOutput: host: "tcp://logs.example" has characters that a fluentd configuration would misread'],
  ['an endpoint without a scheme', () => FluentdOutput.http('logs.example'), 'FluentdOutput.http: endpoint: "logs.example" is not an http or https URL'],
  ['Elasticsearch with an image that lacks the plugin', () => part(new Fluentd({ tail: ['/log/a.log'], output: FluentdOutput.elasticsearch('es.example') })), 'Fluentd: image: "fluent/fluentd:v1.19.3-2.2" has no plugin for this output'],
];

const PATHS: Wrong[] = [
  ['a relative log file', () => new Fluentd({ tail: ['var/log/a.log'] }), 'Fluentd: tail: "var/log/a.log" is not the absolute path of a file in a directory of its own'],
  ['a log file in the root directory', () => new LogStream({ files: ['/a.log'] }), 'LogStream: files: "/a.log" is not the absolute path of a file in a directory of its own'],
  ['a log file above its directory', () => new Fluentd({ tail: ['/var/log/../a.log'] }), 'Fluentd: tail: "/var/log/../a.log" is not the absolute path'],
  ['a star in a directory', () => new Fluentd({ tail: ['/var/*/a.log'] }), 'Fluentd: tail: "/var/*/a.log" is not the absolute path'],
  ['a star where none is read', () => new LogStream({ files: ['/log/*.log'] }), 'LogStream: files: "/log/*.log" is not the absolute path'],
  ['a log file with a line break', () => new Fluentd({ tail: ['/log/a.log\n@type exec'] }), 'Fluentd: tail: '],
  ['a relative directory', () => SharedDirectory.onDisk('data', { sizeLimit: MIB }), 'SharedDirectory: "data" is not an absolute path of a directory below the root'],
  ['the root directory', () => SharedDirectory.onDisk('/', { sizeLimit: MIB }), 'SharedDirectory: "/" is not an absolute path of a directory below the root'],
  ['a relative writable path', () => production({ writablePaths: ['tmp'] }), 'shop/Web: writablePaths: "tmp" is not absolute'],
  ['a writable root', () => production({ writablePaths: ['/'] }), 'shop/Web: spec.containers[0].volumeMounts[0].mountPath: "/" is the root directory of the container'],
  ['a writable path given twice', () => production({ writablePaths: ['/tmp', '/tmp'] }), 'shop/Web: '],
  ['a column path with two dots', () => CsvColumn.of('city', { path: 'customer..city' }), 'CsvColumn: "city": path: "customer..city" cannot be read from "..city" on'],
  ['a column path with an open bracket', () => CsvColumn.of('sku', { path: 'items[0' }), 'CsvColumn: "sku": path: "items[0" cannot be read from "[0" on'],
  ['an empty column path', () => CsvColumn.of('sku', { path: '' }), 'CsvColumn: "sku": path: "" cannot be read from "." on'],
  ['metrics at a relative path', () => new MetricsAdapter({ image, metricsPort: 1, metricsPath: 'metrics' }), 'MetricsAdapter: metricsPath: "metrics" does not begin with "/"'],
];

const AMOUNTS: Wrong[] = [
  ['a directory of zero', () => SharedDirectory.onDisk('/data', { sizeLimit: Size.mebibytes(0) }), 'SharedDirectory: "/data": sizeLimit is zero'],
  ['a directory of a third of a mebibyte', () => SharedDirectory.onDisk('/data', { sizeLimit: Size.mebibytes(1 / 3) }), 'SharedDirectory: "/data": sizeLimit is not a whole number of kibibytes'],
  ['one directory with two bounds', () => production({
    parts: [
      new Sidecar({ image, reads: [SharedDirectory.onDisk('/data', { sizeLimit: MIB })] }), new Adapter({ image, reads: [SharedDirectory.onDisk('/data', { sizeLimit: Size.mebibytes(2) })] }),
    ],
  }), 'shop/Web: part "adapter": directory "/data" is shared already, with another bound or medium'],
  ['writable paths of zero', () => production({ writablePaths: ['/tmp'], writablePathSize: Size.mebibytes(0) }), 'shop/Web: writablePathSize: '],
  ['CSV files that do not fit their directory', () => CsvOutput.file(SharedDirectory.onDisk('/csv', { sizeLimit: MIB }), 'a.csv', { maxSize: MIB }),
    'CsvOutput.file: maxSize: "a.csv" and 3 older files may need 4194304 bytes, and "/csv" has 1048576'],
  ['CSV files of which none is kept', () => CsvOutput.file(SharedDirectory.onDisk('/csv', { sizeLimit: MIB }), 'a.csv', { keep: 0 }), 'CsvOutput.file: keep: "0" is not a whole number above 0'],
  ['a request above its limit', () => app({ resources: { memory: { request: Size.mebibytes(2), limit: MIB } } }), 'shop/Web: spec.containers[0].resources.requests[memory]: "2Mi" is more than the limit "1Mi"'],
  ['a negative CPU', () => app({ resources: { cpu: { limit: kplus.Cpu.millis(-1) } } }), 'shop/Web: spec.containers[0].resources.limits[cpu]: "-1m" is negative'],
  ['a drain of half a second', () => production({ drain: Duration.millis(500) }), 'shop/Web: drain: '],
  ['a drain of a part of half a second', () => part(new Sidecar({ image, drain: Duration.millis(500) })), 'shop/Web: part "sidecar": drain: '],
  ['a proxy that never drains', () => part(new HAProxy({ drain: Duration.seconds(0), upstreams: [Upstream.tcp('db', '10.0.0.1', 1)] })), 'HAProxy: drain: "0 s" is not a whole number of seconds from 1'],
  ['a wait of half a second before TERM', () => production({ preStopSleep: Duration.millis(500) }), 'shop/Web: preStopSleep: '],
  ['two hooks before TERM', () => production({ app: { image, lifecycle: { preStop: kplus.Handler.fromCommand(['a']) } }, preStopSleep: Duration.seconds(5) }), 'shop/Web: preStopSleep: is given beside app.lifecycle.preStop'],
  ['fewer connections than upstreams', () => part(new HAProxy({ maxConnections: 1, upstreams: [Upstream.tcp('a', '10.0.0.1', 1), Upstream.tcp('b', '10.0.0.1', 1)] })),
    'HAProxy: maxConnections: "1" is less than one for each of 2 upstreams'],
  ['no number of connections', () => part(new HAProxy({ maxConnections: NaN, upstreams: [Upstream.tcp('a', '10.0.0.1', 1)] })), 'HAProxy: maxConnections: "NaN"'],
  ['half a thread', () => part(new HAProxy({ threads: 0.5, upstreams: [Upstream.tcp('a', '10.0.0.1', 1)] })), 'HAProxy: threads: "0.5" is not a whole number from 1 to 64'],
  ['a timeout of zero', () => Upstream.tcp('db', '10.0.0.1', 1, { connectTimeout: Duration.seconds(0) }), 'Upstream "db": connectTimeout: "0 ms" is not a whole number of milliseconds from 1 to 24 days'],
  ['a negative number of retries', () => Upstream.http('a', HOST, 1, { retries: -1 }), 'Upstream "a": retries: "-1" is not a whole number from 0 to 100'],
  ['root for ProductionReady', () => new ProductionReady({ user: 0 }), 'ProductionReady: user: "0" is not a user id from 1 to 2147483647'],
  ['root for fluentd', () => part(new Fluentd({ tail: ['/log/a.log'], user: 0 })), 'Fluentd: user: "0"'],
  ['root for a log stream', () => part(new LogStream({ files: ['/log/a.log'], user: 0 })), 'LogStream: user: "0"'],
  ['root for HAProxy', () => part(new HAProxy({ user: 0, upstreams: [Upstream.tcp('a', '10.0.0.1', 1)] })), 'HAProxy: user: "0"'],
  ['a buffer of zero', () => part(new Fluentd({ tail: ['/log/a.log'], output: FluentdOutput.forward('logs.example'), bufferLimit: Size.mebibytes(0) })), 'Fluentd: bufferLimit: '],
  ['a rotator that keeps nothing', () => part(new LogStream({ files: ['/log/a.log'], rotation: LogRotation.byRotator({ maxSize: Size.mebibytes(0) }) })), 'LogRotation.byRotator: maxSize: '],
  ['a rotator that keeps more than the directory holds', () => part(new LogStream({ files: ['/log/a.log'], rotation: LogRotation.byRotator({ maxSize: Size.mebibytes(65) }) })), 'shop/Web: part "log-stream": rotation: '],
];

const ORDER: Wrong[] = [
  ['a part that starts after one that is not there', () => part(new Sidecar({ image, startAfter: [new Adapter({ image })] })), 'shop/Web: startAfter: "sidecar" starts after "adapter", which is not a part of this pod'],
  ['a part that is bound before its predecessor', () => {
    const first = new Adapter({ image });
    web().with(new Sidecar({ image, startAfter: [first] }), first);
  }, 'shop/Web: startAfter: "sidecar" starts after "adapter", which is not bound to this pod yet'],
  ['an order of classic sidecars', () => new Sidecar({ image, nativeSidecar: false, startAfter: [new Adapter({ image })] }), 'Sidecar: startAfter: "sidecar" and "adapter" cannot be ordered'],
  ['a classic sidecar in a Job', () => new kplus.Job(chart, 'Web', { containers: [{ image }] }).with(new Sidecar({ image, nativeSidecar: false })),
    'shop/Web: part "sidecar": nativeSidecar: "false" in a Job'],
  ['a probe that is given and declined', () => production({ app: { image, portNumber: 1, liveness: kplus.Probe.fromHttpGet('/') } }), 'shop/Web: spec.containers[0].livenessProbe: is given, and declined: "a worker"'],
  ['a part without an app', () => {
    const pod = new kplus.Deployment(chart, 'Web');
    pod.with(new Sidecar({ image }));
  }, 'shop/Web: "sidecar" found no app: the pod has no regular container that no part added'],
  ['logs of an app whose user nobody knows', () => web({ name: 'web', image }).with(new Fluentd({ tail: ['/log/a.log'] })), 'shop/Web: part "fluentd": rotation: nobody bounds "/log"'],
  ['two metrics adapters', () => production({ parts: [new MetricsAdapter({ image, metricsPort: 1 }), new MetricsAdapter({ name: 'b', image, metricsPort: 2 })] }),
    'shop/Web: metadata.annotations[prometheus.io/port]: "1" is set already, and part "b" needs "2"'],
  ['a port of an upstream of another proxy', () => new HAProxy({ upstreams: [Upstream.tcp('a', '10.0.0.1', 1)] }).bind(web()).portOf(Upstream.tcp('b', '10.0.0.1', 1)),
    'shop/Web: part "haproxy": portOf: "b" is not an upstream of this part'],
  ['a patch below nothing', () => ApiObject.of(production()).addJsonPatch(JsonPatch.add('/spec/a/b', 1)), 'shop/Web: JSON patch "add" at "/spec/a/b" failed: '],
  ['a part bound to a chart', () => (new Sidecar({ image }) as any).bind(chart), 'Sidecar: bind: '],
  ['an ambassador and its app on one port', () => new AmbassadorPod(chart, 'Web', { app: { image, portNumber: 8080 }, ambassador: new Ambassador({ image, localPort: 8080 }) }), 'shop/Web: metadata.annotations[pod-patterns/listeners]: "8080/TCP"'],
];

const ALL: [string, Wrong[]][] = [
  ['what is missing', MISSING], ['wrong types, as callers without types pass them', TYPES], ['names and images', NAMES], ['ports and hosts', PORTS],
  ['paths', PATHS], ['sizes, times and numbers', AMOUNTS], ['order and combination', ORDER],
];

describe.each(ALL)('%s:', (_, programs) => {
  test.each(programs)('%s', (__, program, message) => {
    const error = errorOf(program);
    expect(error.message.split('\n\n').some((text) => text.startsWith(message)) ? message : error.message).toBe(message);
    expect(error.name).not.toBe('TypeError');
    expect(error.message).toMatch(/^(?:\d+ findings; no manifest was written\n\n)?(?:shop\/Web[\w/-]*|[A-Z]\w+(?:\.\w+)?(?: (?:"[^"]*"|undefined))?): [^]*\n {2}why: .+\n {2}fix: .+/);
  });
});

test('no wrong program is listed twice', () => {
  const names = ALL.flatMap(([, programs]) => programs.map(([name]) => name));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
