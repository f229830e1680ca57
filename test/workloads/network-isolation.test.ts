import { Chart, Cron, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  FluentdOutput, Fluentd, HAProxy, NetworkIsolation, NetworkIsolationProps, PodPart, ProductionCronJob, ProductionDaemonSet, ProductionDeployment, ProductionJob,
  ProductionStatefulSet, SharedDirectory, Sidecar, SidecarPod, Upstream,
} from '../../src';

const DNS = { ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] };

function shop(): Chart {
  return new Chart(Testing.app(), 'shop', { namespace: 'shop' });
}

function web(chart: Chart, ...parts: PodPart[]): kplus.Deployment {
  const deployment = new kplus.Deployment(chart, 'Web', { containers: [{ name: 'web', image: 'shop/web:1.0', portNumber: 8080, securityContext: { user: 1000 } }] });
  deployment.with(...parts);
  return deployment;
}

function policyOf(chart: Chart): any {
  return Testing.synth(chart).find(({ kind }) => kind === 'NetworkPolicy');
}

/** The policy, and what was said on standard error while it was made. */
function isolate(props?: NetworkIsolationProps, ...parts: PodPart[]): { policy: any; said: string } {
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const chart = shop();
    web(chart, ...parts).with(new NetworkIsolation(props));
    return { policy: policyOf(chart), said: said.mock.calls.join('') };
  } finally {
    said.mockRestore();
  }
}

describe('NetworkIsolation', () => {
  test('selects the pods of the workload, in its namespace', () => {
    const chart = shop();
    const deployment = web(chart);
    deployment.with(new NetworkIsolation());
    const [pods] = Testing.synth(chart).filter(({ kind }) => kind === 'Deployment');
    const policy = policyOf(chart);
    expect(policy.metadata.namespace).toBe('shop');
    expect(policy.spec.podSelector.matchLabels).toEqual(pods.spec.selector.matchLabels);
  });

  test('opens declared ports to everybody and closes everything else', () => {
    expect(isolate().policy.spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }] }],
      egress: [DNS],
    });
  });

  test('opens ports of native sidecars and of containers that come later, with their protocols', () => {
    const chart = shop();
    const deployment = web(chart);
    deployment.with(new NetworkIsolation(), new Sidecar({ image: 'shop/dns:1.0', ports: [{ number: 5353, protocol: kplus.Protocol.UDP }] }));
    deployment.addContainer({ name: 'metrics', image: 'shop/metrics:1.0', ports: [{ number: 9100 }] });
    expect(policyOf(chart).spec.ingress).toEqual([{
      ports: [{ port: 8080, protocol: 'TCP' }, { port: 9100, protocol: 'TCP' }, { port: 5353, protocol: 'UDP' }],
    }]);
  });

  test('opens nothing where no port is declared', () => {
    const chart = shop();
    new kplus.Deployment(chart, 'Worker', { containers: [{ name: 'worker', image: 'shop/worker:1.0' }] }).with(new NetworkIsolation());
    expect(policyOf(chart).spec.ingress).toEqual([]);
  });

  test('lets only the given peers in', () => {
    const chart = shop();
    const gateway = kplus.Pods.select(chart, 'Gateway', { labels: { app: 'gateway' } });
    web(chart).with(new NetworkIsolation({ ingressFrom: [gateway] }));
    expect(policyOf(chart).spec.ingress).toEqual([
      { from: [{ podSelector: { matchLabels: { app: 'gateway' } } }], ports: [{ port: 8080, protocol: 'TCP' }] },
    ]);
  });

  test.each([
    ['10.1.2.3', '10.1.2.3/32'],
    ['2001:db8::1', '2001:db8::1/128'],
  ])('lets a part reach %s on its port without an entry', (host, cidr) => {
    const { policy, said } = isolate({}, new HAProxy({ upstreams: [Upstream.tcp('db', host, 5432)] }));
    expect(policy.spec.egress).toEqual([DNS, { ports: [{ port: 5432, protocol: 'TCP' }], to: [{ ipBlock: { cidr } }] }]);
    expect(said).toBe('');
  });

  test('lets a part reach a name on its port where an address stands behind it, on any port where pods do', () => {
    const chart = shop();
    const catalog = kplus.Pods.select(chart, 'Catalog', { labels: { app: 'catalog' } });
    const database = kplus.NetworkPolicyIpBlock.ipv4(chart, 'Database', '10.2.0.0/24');
    web(chart, new HAProxy({
      upstreams: [Upstream.http('catalog', 'catalog.shop.svc.cluster.local', 80), Upstream.tcp('db', 'db.example.com', 5432)],
    })).with(new NetworkIsolation({ peers: { 'db.example.com': database, 'catalog.shop.svc.cluster.local': catalog } }));
    expect(policyOf(chart).spec.egress).toEqual([
      DNS,
      { ports: [{ port: 5432, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '10.2.0.0/24' } }] },
      { to: [{ podSelector: { matchLabels: { app: 'catalog' } } }] },
    ]);
  });

  test.each([
    ['forward', FluentdOutput.forward('10.9.9.9'), 24224],
    ['https', FluentdOutput.http('https://10.9.9.9/ingest'), 443],
    ['http', FluentdOutput.http('http://10.9.9.9:8888/ingest'), 8888],
  ])('lets fluentd reach its output: %s', (_name, output, port) => {
    const { policy } = isolate({}, new Fluentd({ tail: ['/log/app.log'], output }));
    expect(policy.spec.egress[1]).toEqual({ ports: [{ port, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '10.9.9.9/32' } }] });
  });

  test('lets the app reach its own peers', () => {
    const chart = shop();
    web(chart).with(new NetworkIsolation({ egressTo: [kplus.Pods.select(chart, 'Cache', { labels: { app: 'cache' } })] }));
    expect(policyOf(chart).spec.egress).toEqual([DNS, { to: [{ podSelector: { matchLabels: { app: 'cache' } } }] }]);
  });

  test('leaves connections open, and says so, where a name has no peer', () => {
    const { policy, said } = isolate({}, new HAProxy({ upstreams: [Upstream.tcp('db', 'db.example.com', 5432)] }));
    expect(policy.spec.policyTypes).toEqual(['Ingress']);
    expect(policy.spec).not.toHaveProperty('egress');
    expect(said).toMatch(/^warning: shop\/Web: NetworkIsolation: spec\.egress is left open: "db\.example\.com:5432" of part "haproxy" cannot be a peer\n {2}why: .*\n {2}fix: .*`peers`/);
  });

  test('says nothing of names where connections are not restricted', () => {
    const { policy, said } = isolate({ restrictEgress: false }, new HAProxy({ upstreams: [Upstream.tcp('db', 'db.example.com', 5432)] }));
    expect(policy.spec.policyTypes).toEqual(['Ingress']);
    expect(said).toBe('');
  });

  test('covers a pattern pod and its parts', () => {
    const chart = shop();
    new SidecarPod(chart, 'Web', {
      app: { image: 'shop/web:1.0', portNumber: 8080 },
      sidecar: new Sidecar({ image: 'shop/sync:1.0', portNumber: 9000, writes: [SharedDirectory.onDisk('/site', { sizeLimit: Size.mebibytes(8) })] }),
    }).with(new NetworkIsolation());
    expect(policyOf(chart).spec.ingress[0].ports.map(({ port }: any) => port)).toEqual([8080, 9000]);
  });

  test('writes the same at each synthesis', () => {
    const chart = shop();
    web(chart).with(new NetworkIsolation());
    expect(policyOf(chart)).toEqual(policyOf(chart));
  });

  test('fails where it is applied twice', () => {
    expect(() => web(shop()).with(new NetworkIsolation(), new NetworkIsolation()))
      .toThrow(/^shop\/Web: NetworkIsolation: is applied twice\n {2}why: .*\n {2}fix: /);
  });

  test('fails beside `isolate`, which would close the connections that it leaves open', () => {
    const isolated = (props: NetworkIsolationProps) => {
      const chart = shop();
      const deployment = new kplus.Deployment(chart, 'Web', { isolate: true, containers: [{ image: 'shop/web:1.0', portNumber: 8080 }] });
      deployment.with(new NetworkIsolation(props));
      return Testing.synth(chart);
    };
    expect(() => isolated({ restrictEgress: false })).toThrow(/shop\/Web: isolate: "true" beside .*\n {2}why: .*\n {2}fix: /);
    expect(isolated({}).filter(({ kind }) => kind === 'NetworkPolicy')).toHaveLength(2);
  });

  test('fails on a pod in the network of its host', () => {
    const pod = new kplus.Pod(shop(), 'Agent', { hostNetwork: true, containers: [{ image: 'shop/agent:1.0' }] });
    expect(() => pod.with(new NetworkIsolation())).toThrow(/^shop\/Agent: spec\.hostNetwork: "true" .*\n {2}why: .*\n {2}fix: /);
  });
});

describe('networkIsolation of a production workload', () => {
  const app = { image: 'shop/web:1.0', portNumber: 8080 };
  const declined = { livenessDeclined: 'a test', readinessDeclined: 'a test' };

  test.each<[string, (chart: Chart) => unknown]>([
    ['ProductionDeployment', (chart) => new ProductionDeployment(chart, 'Web', { app, ...declined, networkIsolation: {} })],
    ['ProductionStatefulSet', (chart) => new ProductionStatefulSet(chart, 'Web', { app, ...declined, networkIsolation: {} })],
    ['ProductionDaemonSet', (chart) => new ProductionDaemonSet(chart, 'Web', { app, ...declined, networkIsolation: {} })],
    ['ProductionJob', (chart) => new ProductionJob(chart, 'Web', { app, networkIsolation: {} })],
    ['ProductionCronJob', (chart) => new ProductionCronJob(chart, 'Web', { app, schedule: Cron.daily(), activeDeadline: Duration.hours(1), networkIsolation: {} })],
  ])('opens the ports of a %s, and is absent where it is not asked for', (_name, make) => {
    const chart = shop();
    make(chart);
    expect(policyOf(chart).spec.ingress).toEqual([{ ports: [{ port: 8080, protocol: 'TCP' }] }]);
    const other = shop();
    new ProductionDeployment(other, 'Web', { app, ...declined });
    expect(policyOf(other)).toBeUndefined();
  });
});
