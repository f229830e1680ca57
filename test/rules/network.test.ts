import * as fc from 'fast-check';
import { parse } from 'yaml';
import { brokenRules, facts, fields, judge, judgeAmong, pod, webPod, workload } from './judge';
import { KubernetesVersion, Target, targetOf } from '../../src/manifest/kubernetes-version';
import { ambiguousTargetPort } from '../../src/rules/network/ambiguous-target-port';
import { defaultedProbePort } from '../../src/rules/network/defaulted-probe-port';
import { hostAliases } from '../../src/rules/network/host-aliases';
import { hostNetworkNames } from '../../src/rules/network/host-network-names';
import { hostPortClash } from '../../src/rules/network/host-port-clash';
import { lowPortWithoutRoot } from '../../src/rules/network/low-port-without-root';
import { namedProbePort } from '../../src/rules/network/named-probe-port';
import { namedTargetPort } from '../../src/rules/network/named-target-port';
import { openAmbassador } from '../../src/rules/network/open-ambassador';
import { portClash } from '../../src/rules/network/port-clash';
import { portNames } from '../../src/rules/network/port-names';
import { portRange } from '../../src/rules/network/port-range';
import { probeOfLoopbackListener } from '../../src/rules/network/probe-of-loopback-listener';
import { probeOfOtherHost } from '../../src/rules/network/probe-of-other-host';
import { repeatedPort } from '../../src/rules/network/repeated-port';
import { sameHostPort } from '../../src/rules/network/same-host-port';
import { serviceNames } from '../../src/rules/network/service-names';
import { serviceOfLoopbackListener } from '../../src/rules/network/service-of-loopback-listener';
import { unresolvedVariable } from '../../src/rules/network/unresolved-variable';
import { verdictsOn, withApicheck } from '../support/apicheck';

const listeners = (value: string) => ({ 'pod-patterns/listeners': value });

describe('port-range', () => {
  test.each([
    ['a container port of zero', 'ports: [{ containerPort: 0 }]', 'ports[0].containerPort'],
    ['a container port above 65535', 'ports: [{ containerPort: 1 }, { containerPort: 65536 }]', 'ports[1].containerPort'],
    ['a fraction', 'ports: [{ containerPort: 80.5 }]', 'ports[0].containerPort'],
    ['a missing container port', 'ports: [{ name: http }]', 'ports[0].containerPort'],
    ['a negative host port', 'ports: [{ containerPort: 80, hostPort: -1 }]', 'ports[0].hostPort'],
    ['a probe without a port', 'livenessProbe: { httpGet: { path: / } }', 'livenessProbe.httpGet.port'],
    ['a probe of port zero', 'readinessProbe: { tcpSocket: { port: 0 } }', 'readinessProbe.tcpSocket.port'],
    ['a gRPC probe of a named port', 'startupProbe: { grpc: { port: health } }', 'startupProbe.grpc.port'],
    ['a handler of a port above 65535', 'lifecycle: { preStop: { httpGet: { path: /, port: 70000 } } }', 'lifecycle.preStop.httpGet.port'],
  ])('refuses %s', (_, container, field) => {
    expect(fields(portRange, webPod(`{ ${container} }`))).toEqual([`spec.containers[0].${field}`]);
  });

  test('names the number that a string was meant to be', () => {
    expect(facts(portRange, webPod('{ ports: [{ containerPort: "8080" }] }'))).toEqual(['"8080" is not a number; did you mean 8080?']);
    expect(facts(portRange, webPod('{ ports: [{ containerPort: 70000 }] }'))).toEqual(['"70000" is not a whole number from 1 to 65535']);
  });

  test('accepts the ends of the range, no host port, and names', () => {
    const object = webPod(`{
      ports: [{ containerPort: 1, hostPort: 0 }, { containerPort: 65535, hostPort: 65535 }],
      livenessProbe: { httpGet: { port: http } },
      readinessProbe: { grpc: { port: 1 } } }`);
    expect(fields(portRange, object)).toEqual([]);
  });

  test('does not apply to a pod without ports and probes', () => {
    expect(fields(portRange, webPod('{ lifecycle: { preStop: { exec: { command: [sync] } } } }'))).toBeUndefined();
  });
});

describe('port-names', () => {
  const withName = (name: unknown) => webPod(`ports: [{ containerPort: 80, name: ${JSON.stringify(name)} }]`);

  test.each([
    ['more than 15 characters', 'prometheus-metrics', '"prometheus-metrics" has 18 characters and may have 15; did you mean "prometheus-metr"?'],
    ['capitals', 'HTTP', '"HTTP" has characters other than lower case letters, digits and "-"; did you mean "http"?'],
    ['digits only', '8080', '"8080" has no letter'],
    ['two hyphens in a row', 'a--b', '"a--b" has "-" at an end or twice in a row; did you mean "a-b"?'],
    ['a hyphen at an end', 'http-', '"http-" has "-" at an end or twice in a row; did you mean "http"?'],
    ['a number', 80, '"80" is not a string'],
  ])('refuses %s', (_, name, fact) => {
    expect(judge(portNames, withName(name))).toEqual([{ field: 'spec.containers[0].ports[0].name', fact }]);
  });

  test('accepts 15 characters', () => {
    expect(fields(portNames, withName('a-2345678901234'))).toEqual([]);
  });

  test('does not apply to ports without names', () => {
    expect(fields(portNames, webPod('ports: [{ containerPort: 80 }, { containerPort: 81, name: "" }]'))).toBeUndefined();
  });
});

describe('repeated-port', () => {
  test('refuses one number and protocol twice, TCP being the protocol where none is given', () => {
    const object = webPod('ports: [{ containerPort: 53 }, { containerPort: 53, protocol: UDP }, { containerPort: 53, protocol: TCP }]');
    expect(judge(repeatedPort, object)).toEqual([
      { field: 'spec.containers[0].ports[2].containerPort', fact: '"53/TCP" is already declared by ports[0]' },
    ]);
  });

  test('refuses one name twice', () => {
    expect(judge(repeatedPort, webPod('ports: [{ containerPort: 80, name: web }, { containerPort: 81, name: web }]'))).toEqual([{ field: 'spec.containers[0].ports[1].name', fact: '"web" is already the name of ports[0]' }]);
  });

  test('accepts different ports, and leaves those of two containers to port-clash', () => {
    const object = pod(`containers:
      - { name: a, ports: [{ containerPort: 80 }, { containerPort: 81 }] }
      - { name: b, ports: [{ containerPort: 80 }, { containerPort: 82 }] }`);
    expect(fields(repeatedPort, object)).toEqual([]);
  });

  test('does not apply where no container has two ports', () => {
    expect(fields(repeatedPort, webPod('ports: [{ containerPort: 80 }]'))).toBeUndefined();
  });
});

describe('port-clash', () => {
  const two = (first: string, second: string, value = '') => pod(`containers: [{ name: a, ports: ${first} }, { name: b, ports: ${second} }]`, listeners(value));

  test('refuses one port in two containers', () => {
    expect(judge(portClash, two('[{ containerPort: 8080 }]', '[{ containerPort: 9090 }, { containerPort: 8080 }]'))).toEqual([
      { field: 'spec.containers[1].ports[1].containerPort', fact: '"8080/TCP" of container "b" is already opened by container "a"' },
    ]);
  });

  test.each([
    ['a declared port and a listener on 127.0.0.1', '[{ containerPort: 8080 }]', '[]', 'b=127.0.0.1:8080'],
    ['127.0.0.1 and every address', '[]', '[]', 'a=127.0.0.1:8080,b=*:8080'],
    ['every address and 127.0.0.1', '[]', '[]', 'a=0.0.0.0:8080,b=127.0.0.1:8080'],
    ['one address twice', '[]', '[]', 'a=127.0.0.1:8080,b=127.0.0.1:8080'],
    ['another address, after a container that listens on one and then on every address', '[]', '[]', 'a=127.0.0.1:8080,a=*:8080,b=10.0.0.1:8080'],
  ])('refuses %s', (_, first, second, value) => {
    expect(fields(portClash, two(first, second, value))).toEqual(['metadata.annotations[pod-patterns/listeners]']);
  });

  test('reports a container once for each port, however often it says so', () => {
    expect(fields(portClash, two('[{ containerPort: 80 }]', '[{ containerPort: 80 }]', 'a=*:80,b=*:80,b=127.0.0.1:80'))).toHaveLength(1);
  });

  test('reports every container after the first', () => {
    const object = pod('containers: [{ name: a, ports: [{ containerPort: 80 }] }, { name: b, ports: [{ containerPort: 80 }] }, { name: c, ports: [{ containerPort: 80 }] }]');
    expect(fields(portClash, object)).toEqual(['spec.containers[1].ports[0].containerPort', 'spec.containers[2].ports[0].containerPort']);
  });

  test('counts native sidecars, but no plain init container', () => {
    const object = (restartPolicy: string) => pod(`
      initContainers: [{ name: i, ports: [{ containerPort: 80 }] ${restartPolicy} }]
      containers: [{ name: a, ports: [{ containerPort: 80 }] }, { name: b }]`, listeners('i=*:80'));
    expect(fields(portClash, object(', restartPolicy: Always'))).toEqual(['spec.containers[0].ports[0].containerPort']);
    expect(fields(portClash, object(''))).toEqual([]);
  });

  test.each([
    ['two protocols', '[{ containerPort: 53 }]', '[{ containerPort: 53, protocol: UDP }]', ''],
    ['two addresses of the same port', '[]', '[]', 'a=127.0.0.1:80,b=127.0.0.2:80'],
    ['a port declared and annotated of one container', '[{ containerPort: 80 }]', '[]', 'a=127.0.0.1:80,a=*:80'],
    ['listeners of a container that is not there', '[{ containerPort: 80 }]', '[]', 'c=*:80'],
    ['port numbers that are none', '[{ containerPort: x }]', '[{ containerPort: x }]', ''],
  ])('accepts %s', (_, first, second, value) => {
    expect(fields(portClash, two(first, second, value))).toEqual([]);
  });

  test('does not apply to a pod of one container', () => {
    expect(fields(portClash, webPod('ports: [{ containerPort: 80 }]'))).toBeUndefined();
  });
});

describe('named-probe-port', () => {
  test.each([
    ['a name that no port has', '{ ports: [{ name: http, containerPort: 80 }], livenessProbe: { httpGet: { path: /, port: web } } }',
      'livenessProbe.httpGet', '"web" is no port of container "web"; did you mean "http"?'],
    ['a name in a container without ports', '{ lifecycle: { postStart: { httpGet: { path: /, port: web } } } }',
      'lifecycle.postStart.httpGet', '"web" is no port of container "web"'],
    ['a number in quotes', '{ ports: [{ name: http, containerPort: 80 }], readinessProbe: { tcpSocket: { port: "80" } } }',
      'readinessProbe.tcpSocket', '"80" in quotes is the name of a port, not its number; did you mean 80?'],
  ])('refuses %s', (_, container, action, fact) => {
    expect(judge(namedProbePort, webPod(container))).toEqual([{ field: `spec.containers[0].${action}.port`, fact }]);
  });

  test('does not look into other containers', () => {
    const object = pod(`containers:
      - { name: a, ports: [{ name: http, containerPort: 80 }] }
      - { name: b, ports: [{ name: metrics, containerPort: 81 }], readinessProbe: { httpGet: { path: /, port: http } } }`);
    expect(fields(namedProbePort, object)).toEqual(['spec.containers[1].readinessProbe.httpGet.port']);
  });

  test('accepts the name of a port of the container', () => {
    expect(fields(namedProbePort, webPod('{ ports: [{ name: http, containerPort: 80 }], livenessProbe: { httpGet: { port: http } } }'))).toEqual([]);
  });

  test('does not apply to numbers', () => {
    expect(fields(namedProbePort, webPod('livenessProbe: { httpGet: { path: /, port: 80 } }'))).toBeUndefined();
  });
});

describe('defaulted-probe-port', () => {
  test.each([
    ['httpGet', 'livenessProbe'], ['tcpSocket', 'startupProbe'], ['httpGet', 'lifecycle.preStop'],
  ])('refuses an %s to port 80 in %s', (action, place) => {
    const [first, second] = place.split('.');
    const handler = { [action]: { port: 80 } };
    const object = webPod('ports: [{ containerPort: 8080 }, { containerPort: 9090 }]');
    object.spec.containers[0][first] = second ? { [second]: handler } : handler;
    expect(judge(defaultedProbePort, object)).toEqual([
      { field: `spec.containers[0].${place}.${action}.port`, fact: '"80" is not among the ports of container "web" ("8080", "9090")' },
    ]);
  });

  test.each([
    ['a container that declares port 80', '{ ports: [{ containerPort: 80 }], livenessProbe: { httpGet: { port: 80 } } }'],
    ['a probe of another port', '{ ports: [{ containerPort: 8080 }], livenessProbe: { httpGet: { port: 8080 } } }'],
    ['a probe of another host', '{ ports: [{ containerPort: 8080 }], livenessProbe: { httpGet: { port: 80, host: 10.0.0.1 } } }'],
  ])('does not refuse %s', (_, container) => {
    expect(fields(defaultedProbePort, webPod(container)) ?? []).toEqual([]);
  });

  test('accepts port 80 where another container listens there', () => {
    const probed = '{ ports: [{ containerPort: 8080 }], livenessProbe: { httpGet: { port: 80 } } }';
    expect(fields(defaultedProbePort, webPod(probed, listeners('web=*:80')))).toEqual([]);
    const object = webPod(probed);
    object.spec.containers.push({ name: 'proxy', ports: [{ containerPort: 80 }] });
    expect(fields(defaultedProbePort, object)).toEqual([]);
  });

  test('refuses port 80 where another container listens to it on UDP only', () => {
    const object = webPod('{ ports: [{ containerPort: 8080 }], livenessProbe: { httpGet: { port: 80 } } }');
    object.spec.containers.push({ name: 'proxy', ports: [{ containerPort: 80, protocol: 'UDP' }] });
    expect(fields(defaultedProbePort, object)).toEqual(['spec.containers[0].livenessProbe.httpGet.port']);
  });

  test('does not apply to a container without a TCP port', () => {
    expect(fields(defaultedProbePort, webPod('livenessProbe: { httpGet: { port: 80 } }'))).toBeUndefined();
    expect(fields(defaultedProbePort, webPod('{ ports: [{ containerPort: 53, protocol: UDP }], livenessProbe: { httpGet: { port: 80 } } }'))).toBeUndefined();
  });
});

describe('probe-of-loopback-listener', () => {
  const probe = (container: string, value = 'web=127.0.0.1:15432') => webPod(container, listeners(value));

  test.each([
    ['an HTTP probe', '{ livenessProbe: { httpGet: { path: /, port: 15432 } } }', 'livenessProbe.httpGet'],
    ['a TCP probe', '{ startupProbe: { tcpSocket: { port: 15432 } } }', 'startupProbe.tcpSocket'],
    ['a gRPC probe', '{ readinessProbe: { grpc: { port: 15432 } } }', 'readinessProbe.grpc'],
    ['a lifecycle handler', '{ lifecycle: { preStop: { httpGet: { path: /, port: 15432 } } } }', 'lifecycle.preStop.httpGet'],
    ['a probe by name', '{ ports: [{ name: db, containerPort: 15432 }], readinessProbe: { tcpSocket: { port: db } } }', 'readinessProbe.tcpSocket'],
  ])('refuses %s', (_, container, action) => {
    expect(judge(probeOfLoopbackListener, probe(container))).toEqual([
      { field: `spec.containers[0].${action}.port`, fact: '"15432" listens on 127.0.0.1 only, in container "web"' },
    ]);
  });

  test('refuses host 127.0.0.1, which is the node, except in the network of the node', () => {
    const object = probe('{ livenessProbe: { httpGet: { path: /, port: 15432, host: 127.0.0.1 } } }');
    expect(facts(probeOfLoopbackListener, object)).toEqual(['"15432" listens on 127.0.0.1 only, in container "web"; host "127.0.0.1" is the node, not the pod']);
    object.spec.hostNetwork = true;
    expect(fields(probeOfLoopbackListener, object)).toEqual([]);
  });

  test('reads the annotation of the template in a workload', () => {
    const object = workload('Deployment', 'web', probe('livenessProbe: { tcpSocket: { port: 15432 } }').spec);
    object.spec.template.metadata = { annotations: listeners('web=127.0.0.1:15432') };
    expect(fields(probeOfLoopbackListener, object)).toEqual(['spec.template.spec.containers[0].livenessProbe.tcpSocket.port']);
  });

  test.each([
    ['an exec probe', '{ livenessProbe: { exec: { command: [check] } } }', 'web=127.0.0.1:1'],
    ['a probe of a separate listener on all addresses', '{ livenessProbe: { httpGet: { port: 8404 } } }', 'web=127.0.0.1:1,web=*:8404'],
    ['a probe of another host', '{ livenessProbe: { httpGet: { port: 1, host: 10.0.0.1 } } }', 'web=127.0.0.1:1'],
  ])('accepts %s', (_, container, value) => {
    expect(fields(probeOfLoopbackListener, probe(container, value))).toEqual([]);
  });

  test('does not apply without listeners on 127.0.0.1, or where every address is open as well', () => {
    expect(fields(probeOfLoopbackListener, probe('{ livenessProbe: { httpGet: { port: 1 } } }', 'web=127.0.0.1:1,web=*:1'))).toBeUndefined();
    expect(fields(probeOfLoopbackListener, probe('{ livenessProbe: { httpGet: { port: 1 } } }', 'web=*:1'))).toBeUndefined();
  });
});

test('a probe of a port that does not exist breaks one rule only', () => {
  expect(brokenRules(webPod('{ ports: [{ name: http, containerPort: 8080 }], livenessProbe: { httpGet: { path: /, port: "8080" } } }'))).toEqual(['named-probe-port']);
  expect(brokenRules(webPod('{ ports: [{ name: http, containerPort: 8080 }], livenessProbe: { httpGet: { path: /, port: 0 } } }'))).toEqual(['port-range']);
});

describe('host-port-clash', () => {
  const two = (first: string, second: string) => pod(`{ containers: [{ name: a, image: "a:1", ports: [${first}] }, { name: b, image: "b:1", ports: [${second}] }] }`);
  const second = 'spec.containers[1].ports[0].hostPort';

  test('refuses one port of the node for two containers', () => {
    expect(judge(hostPortClash, two('{ containerPort: 1, hostPort: 80 }', '{ containerPort: 2, hostPort: 80, protocol: TCP }'))).toEqual([
      { field: second, fact: '"80/TCP" is already taken by container "a"' },
    ]);
    expect(facts(hostPortClash, two('{ containerPort: 1, hostPort: 80, hostIP: 10.0.0.1 }', '{ containerPort: 2, hostPort: 80, hostIP: 10.0.0.1 }'))).toEqual(['"80/TCP at 10.0.0.1" is already taken by container "a"']);
  });

  test('refuses it within one container, and beside a native sidecar', () => {
    expect(fields(hostPortClash, webPod('ports: [{ containerPort: 1, hostPort: 80 }, { containerPort: 2, hostPort: 80 }]'))).toEqual(['spec.containers[0].ports[1].hostPort']);
    const ports = 'ports: [{ containerPort: 1, hostPort: 80 }]';
    expect(fields(hostPortClash, pod(`{ initContainers: [{ name: a, restartPolicy: Always, ${ports} }], containers: [{ name: b, ${ports} }] }`))).toEqual(['spec.containers[0].ports[0].hostPort']);
    expect(fields(hostPortClash, pod(`{ initContainers: [{ name: a, ${ports} }], containers: [{ name: b, ${ports} }] }`))).toEqual([]);
  });

  test.each([
    ['another protocol', '{ containerPort: 1, hostPort: 80 }', '{ containerPort: 2, hostPort: 80, protocol: UDP }'],
    ['another address', '{ containerPort: 1, hostPort: 80, hostIP: 10.0.0.1 }', '{ containerPort: 2, hostPort: 80, hostIP: 10.0.0.2 }'],
    ['another port', '{ containerPort: 1, hostPort: 80 }', '{ containerPort: 2, hostPort: 81 }'],
  ])('accepts %s', (_, first, other) => {
    expect(fields(hostPortClash, two(first, other))).toEqual([]);
  });

  test('does not apply without hostPort, and with hostNetwork', () => {
    expect(fields(hostPortClash, two('{ containerPort: 1, hostPort: 0 }', '{ containerPort: 2, hostPort: 0 }'))).toBeUndefined();
    const object = two('{ containerPort: 80, hostPort: 80 }', '{ containerPort: 80, hostPort: 80 }');
    object.spec.hostNetwork = true;
    expect(brokenRules(object)).toContain('port-clash');
    expect(brokenRules(object)).not.toContain('host-port-clash');
  });
});

describe('host-aliases', () => {
  const alias = (text: string) => pod(`{ hostAliases: [${text}], containers: [{ name: web, image: "web:1" }] }`);

  test.each(['db', '1.2.3', '1.2.3.4/24', '"fe80::1%eth0"', '"[::1]"', '""', '5', 'null'])('refuses the address %s', (ip) => {
    expect(fields(hostAliases, alias(`{ ip: ${ip}, hostnames: [db] }`))).toEqual(['spec.hostAliases[0].ip']);
  });

  test.each(['1.2.3.4', '01.2.3.4', '"::1"', '"::ffff:1.2.3.4"'])('accepts the address %s', (ip) => {
    expect(fields(hostAliases, alias(`{ ip: ${ip}, hostnames: [db, a.b] }`))).toEqual([]);
  });

  test.each(['Db_1', '"*.b"', '""', '5'])('refuses the host name %s', (name) => {
    expect(fields(hostAliases, alias(`{ ip: 1.2.3.4, hostnames: [db, ${name}] }`))).toEqual(['spec.hostAliases[0].hostnames[1]']);
  });

  test('says what is wrong', () => {
    expect(facts(hostAliases, alias('{ hostnames: [A] }'))).toEqual(['"" is no IP address', '"A" is no RFC 1123 subdomain (lower case letters, digits, "-" and ".")']);
  });

  test('accepts an alias without names, and does not apply without aliases', () => {
    expect(fields(hostAliases, alias('{ ip: 1.2.3.4 }'))).toEqual([]);
    expect(fields(hostAliases, webPod('{}'))).toBeUndefined();
  });
});

describe('probe-of-other-host', () => {
  test.each([
    ['livenessProbe: { httpGet: { host: a.b, port: 80 } }', 'livenessProbe.httpGet.host'],
    ['readinessProbe: { tcpSocket: { host: 10.0.0.1, port: 80 } }', 'readinessProbe.tcpSocket.host'],
    ['lifecycle: { preStop: { httpGet: { host: 127.0.0.1, port: http } } }', 'lifecycle.preStop.httpGet.host'],
  ])('refuses %s', (container, field) => {
    expect(fields(probeOfOtherHost, webPod(`{ ${container} }`))).toEqual([`spec.containers[0].${field}`]);
  });

  test('leaves a listener on the loopback address to its own rule', () => {
    const annotations = { 'pod-patterns/listeners': 'web=127.0.0.1:15432' };
    const probe = (host: string) => webPod(`{ livenessProbe: { tcpSocket: { host: ${host}, port: 15432 } } }`, annotations);
    expect(brokenRules(probe('127.0.0.1'))).toEqual(['probe-of-loopback-listener']);
    expect(brokenRules(probe('10.0.0.1'))).toEqual(['probe-of-other-host']);
  });

  test('accepts no host, and does not apply with hostNetwork or without dials', () => {
    expect(fields(probeOfOtherHost, webPod('{ livenessProbe: { httpGet: { host: "", port: 80 } } }'))).toEqual([]);
    expect(fields(probeOfOtherHost, webPod('{ livenessProbe: { exec: { command: [ls] } } }'))).toBeUndefined();
    const object = webPod('{ livenessProbe: { httpGet: { host: 127.0.0.1, port: 80 } } }');
    object.spec.hostNetwork = true;
    expect(fields(probeOfOtherHost, object)).toBeUndefined();
  });
});

describe('named-target-port', () => {
  const service = (ports: string, spec = 'selector: { app: web }') => parse(`{ apiVersion: v1, kind: Service, metadata: { name: web }, spec: { ${spec}, ports: [${ports}] } }`);
  const podWithPorts = (ports: string, init = '[]') => parse(`{ apiVersion: v1, kind: Pod, metadata: { name: web, labels: { app: web, tier: a } },
    spec: { initContainers: ${init}, containers: [{ name: web, image: "a:1", ports: [${ports}] }] } }`);
  const check = (ports: string, pods: any[], target?: Target) =>
    judgeAmong(namedTargetPort, service(ports), pods, { target });

  test('refuses a name that no selected pod has', () => {
    expect(check('{ port: 80, targetPort: 8080 }, { port: 81, targetPort: web }', [podWithPorts('{ name: http, containerPort: 8080 }')])).toEqual([
      { field: 'spec.ports[1].targetPort', fact: '"web" is no TCP port of the pods that the Service selects; did you mean "http"?' },
    ]);
  });

  test('names no other port where several would do', () => {
    const [finding] = check('{ port: 80, targetPort: web }', [podWithPorts('{ name: http, containerPort: 1 }, { name: admin, containerPort: 2 }')])!;
    expect(finding.fact).toBe('"web" is no TCP port of the pods that the Service selects');
  });

  test('refuses the name of a port with another protocol', () => {
    expect(check('{ port: 53, targetPort: dns, protocol: UDP }', [podWithPorts('{ name: dns, containerPort: 53 }')])).toHaveLength(1);
    expect(check('{ port: 53, targetPort: dns, protocol: UDP }', [podWithPorts('{ name: dns, containerPort: 53, protocol: UDP }')])).toEqual([]);
  });

  test('accepts a name that one of the pods has', () => {
    expect(check('{ port: 80, targetPort: http }', [podWithPorts(''), podWithPorts('{ name: http, containerPort: 8080 }')])).toEqual([]);
  });

  test('finds the port of a native sidecar from Kubernetes 1.32 on, and never that of a plain init container', () => {
    const sidecar = podWithPorts('', '[{ name: proxy, restartPolicy: Always, ports: [{ name: tls, containerPort: 9443 }] }]');
    const init = podWithPorts('', '[{ name: proxy, ports: [{ name: tls, containerPort: 9443 }] }]');
    expect(check('{ port: 443, targetPort: tls }', [sidecar], targetOf(KubernetesVersion.V1_32))).toEqual([]);
    expect(check('{ port: 443, targetPort: tls }', [sidecar], targetOf(KubernetesVersion.V1_31))?.map(({ fact }) => fact)).toEqual([
      '"tls" is a port of the native sidecar "proxy", where Kubernetes finds names from 1.32 on',
    ]);
    expect(check('{ port: 443, targetPort: tls }', [init])).toHaveLength(1);
  });

  test('does not apply to numbers, where no pod is selected, and where pods may be elsewhere', () => {
    expect(check('{ port: 80, targetPort: 8080 }, { port: 81 }', [podWithPorts('')])).toBeUndefined();
    expect(check('{ port: 80, targetPort: web }', [])).toBeUndefined();
    expect(judgeAmong(namedTargetPort, service('{ port: 80, targetPort: web }', 'type: ExternalName'), [podWithPorts('')])).toBeUndefined();
  });
});

describe('open-ambassador', () => {
  const withProxy = (env: string, proxy: string, annotations = {}) => pod(`{
    initContainers: [{ name: proxy, restartPolicy: Always, ${proxy} }], containers: [{ name: web, env: [${env}] }] }`, annotations);
  const PORT = 'ports: [{ containerPort: 15432 }]';

  test.each([
    ['an address', '{ name: DB, value: "127.0.0.1:15432" }'],
    ['a URL with a user', '{ name: DB, value: "postgres://web:$(PASSWORD)@localhost:15432/shop" }'],
    ['host and port in two variables', '{ name: DB_HOST, value: 127.0.0.1 }, { name: DB_PORT, value: "15432" }'],
  ])('refuses the declared port of a native sidecar that a variable of the app gives as %s', (_, env) => {
    expect(judge(openAmbassador, withProxy(env, PORT))).toEqual([
      { field: 'spec.initContainers[0].ports[0].containerPort', fact: '"15432" of "proxy" is open to every caller, and "web" reaches it at 127.0.0.1' },
    ]);
  });

  test('refuses a listener on all addresses that only the annotation shows', () => {
    expect(fields(openAmbassador, withProxy('{ name: DB, value: "127.0.0.1:15432" }', '', listeners('proxy=*:15432')))).toEqual(['metadata.annotations[pod-patterns/listeners]']);
  });

  test('accepts a port that nothing shows to be open, or that is known to be open on 127.0.0.1 only', () => {
    const env = '{ name: DB, value: "127.0.0.1:15432" }';
    expect(fields(openAmbassador, withProxy(env, ''))).toEqual([]);
    expect(fields(openAmbassador, withProxy(env, '', listeners('proxy=127.0.0.1:15432')))).toEqual([]);
    expect(fields(openAmbassador, withProxy(env, 'ports: [{ containerPort: 15432, protocol: UDP }]'))).toEqual([]);
  });

  test('accepts the port that the kubelet asks for health, but not for a bare connection', () => {
    const env = '{ name: PROXY, value: "http://127.0.0.1:15432" }';
    expect(fields(openAmbassador, withProxy(env, `${PORT}, startupProbe: { httpGet: { port: 15432 } }`))).toEqual([]);
    expect(fields(openAmbassador, withProxy(env, `${PORT}, startupProbe: { tcpSocket: { port: 15432 } }`))).toHaveLength(1);
  });

  test.each([
    ['a regular container, which may be the server that a helper asks', pod(`containers: [{ name: web, ${PORT} }, { name: exporter, env: [{ name: URL, value: "http://127.0.0.1:15432" }] }]`)],
    ['a sidecar that no variable names', withProxy('{ name: DB, value: "db.example:15432" }, { name: HOST, value: 127.0.0.1 }', PORT)],
  ])('does not apply to %s', (_, object) => {
    expect(fields(openAmbassador, object)).toBeUndefined();
  });
});

describe('low-port-without-root', () => {
  const check = (context: string, container = '', spec = '') =>
    fields(lowPortWithoutRoot, pod(`{ securityContext: { ${context} }, ${spec} containers: [{ name: web, ports: [{ containerPort: 80 }, { containerPort: 8080 }], ${container} }] }`));
  const FOUND = ['spec.containers[0].ports[0].containerPort'];

  test.each([
    ['a user of the pod', 'runAsUser: 1000', ''],
    ['a user of the container', '', 'securityContext: { runAsUser: 1000 }'],
    ['any user but root', 'runAsNonRoot: true', ''],
    ['a sysctl that leaves the port out', 'runAsUser: 1000, sysctls: [{ name: net.ipv4.ip_unprivileged_port_start, value: "81" }]', ''],
  ])('refuses it for %s', (_, context, container) => {
    expect(check(context, container)).toEqual(FOUND);
  });

  test.each([
    ['root', 'runAsUser: 1000', 'securityContext: { runAsUser: 0 }', ''],
    ['an unknown user', '', '', ''],
    ['the capability', 'runAsUser: 1000', 'securityContext: { capabilities: { add: [NET_BIND_SERVICE] } }', ''],
    ['a privileged container', 'runAsUser: 1000', 'securityContext: { privileged: true }', ''],
    ['a pod that lowers the bound', 'runAsUser: 1000, sysctls: [{ name: net.ipv4.ip_unprivileged_port_start, value: "80" }]', '', ''],
    ['Windows', 'runAsNonRoot: true', '', 'os: { name: windows },'],
  ])('accepts it for %s', (_, context, container, spec) => {
    expect(check(context, container, spec)).toEqual([]);
  });

  test('does not apply to ports from 1024 on, and to plain init containers', () => {
    expect(fields(lowPortWithoutRoot, pod('{ securityContext: { runAsUser: 1 }, initContainers: [{ ports: [{ containerPort: 80 }] }], containers: [{ ports: [{ containerPort: 1024 }] }] }'))).toBeUndefined();
  });
});

describe('host-network-names', () => {
  const onHost = (container: string, policy = '') => pod(`{ hostNetwork: true, ${policy} containers: [{ name: agent, ${container} }] }`);

  test.each([
    ['a variable', 'env: [{ name: A }, { name: URL, value: "https://store.shop.svc:8080/api" }]'],
    ['an argument', 'args: ["--store=store.shop.svc.cluster.local"]'],
    ['the command', 'command: [agent, store.shop.svc]'],
  ])('refuses the name of a Service in %s', (_, container) => {
    expect(judge(hostNetworkNames, onHost(container))).toEqual([
      { field: 'spec.dnsPolicy', fact: expect.stringMatching(/^"" with hostNetwork asks the name servers of the node, and "agent" calls store\.shop\.svc(\.cluster\.local)?$/) },
    ]);
  });

  test('takes the written default for the default', () => {
    expect(fields(hostNetworkNames, onHost('args: [a.b.svc]', 'dnsPolicy: ClusterFirst,'))).toEqual(['spec.dnsPolicy']);
  });

  test.each([
    ['another policy', onHost('args: [a.b.svc]', 'dnsPolicy: ClusterFirstWithHostNet,')],
    ['a node agent that calls nobody', onHost('args: ["--path=/host/a.b.svclog", "--web=0.0.0.0:9100"]')],
  ])('accepts %s', (_, object) => {
    expect(fields(hostNetworkNames, object)).toEqual([]);
  });

  test('does not apply to the network of the pod', () => {
    expect(fields(hostNetworkNames, webPod('args: [a.b.svc]'))).toBeUndefined();
  });
});

describe('unresolved-variable', () => {
  const check = (env: string, more = '') => facts(unresolvedVariable, webPod(`{ env: [${env}], ${more} }`));

  test.each([
    ['is defined below', '{ name: URL, value: "http://$(HOST)/" }, { name: HOST, value: a }', '"$(HOST)" is defined below, by env[1]'],
    ['is defined nowhere', '{ name: URL, value: "http://$(HOST)/" }', '"$(HOST)" is no variable of this container'],
    ['is the variable itself', '{ name: PATH, value: "/opt/bin:$(PATH)" }', '"$(PATH)" is the variable itself, which the image may define and the kubelet does not know'],
    ['stands after an escaped dollar', '{ name: A, value: "$$$(HOST)" }', '"$(HOST)" is no variable of this container'],
  ])('refuses a reference that %s', (_, env, fact) => {
    expect(check(env)).toEqual([fact]);
  });

  test('says once what a value repeats', () => {
    expect(judge(unresolvedVariable, webPod('{ env: [{ name: A, value: "$(B)$(B)" }] }'))).toEqual([
      { field: 'spec.containers[0].env[0].value', fact: '"$(B)" is no variable of this container' },
    ]);
  });

  test.each([
    ['what is defined above, whatever it comes from', '{ name: IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }, { name: URL, value: "http://$(IP)/" }', ''],
    ['an escaped one', '{ name: A, value: "$$(HOST)" }', ''],
    ['a command of a shell', '{ name: SCRIPT, value: "now=$(date)" }', ''],
    ['a link to a Service', '{ name: A, value: "$(KUBERNETES_SERVICE_HOST):$(CATALOG_PORT_8080_TCP_PORT)" }', ''],
    ['what envFrom may bring', '{ name: A, value: "$(HOST)" }', 'envFrom: [{ configMapRef: { name: a } }]'],
  ])('accepts %s', (_, env, more) => {
    expect(check(env, more)).toEqual([]);
  });

  test('does not apply to values without references', () => {
    expect(check('{ name: A, value: "$HOME" }')).toBeUndefined();
  });
});

describe('service-of-loopback-listener', () => {
  const service = (port: string) => parse(`{ kind: Service, metadata: { name: db }, spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 80 }, ${port}] } }`);
  const web = (value: string) => parse(`{ kind: Pod, metadata: { name: web, labels: { app: web }, annotations: { pod-patterns/listeners: "${value}" } },
    spec: { containers: [{ name: web, ports: [{ containerPort: 80 }] }, { name: proxy }] } }`);
  const LOCAL = 'proxy=127.0.0.1:15432';

  test.each([
    ['{ port: 5432, targetPort: 15432 }', 'targetPort'],
    ['{ port: 15432 }', 'port'],
  ])('refuses %s', (port, field) => {
    expect(judgeAmong(serviceOfLoopbackListener, service(port), [web(LOCAL)])).toEqual([
      { field: `spec.ports[1].${field}`, fact: '"15432" listens on 127.0.0.1 only, in container "proxy"' },
    ]);
  });

  test.each([
    ['another port', '{ port: 8404 }', [web(LOCAL)]],
    ['another protocol', '{ port: 15432, protocol: UDP }', [web(LOCAL)]],
    ['a port that one of its pods opens to all', '{ port: 15432 }', [web(LOCAL), web('proxy=*:15432')]],
  ])('accepts %s', (_, port, pods) => {
    expect(judgeAmong(serviceOfLoopbackListener, service(port), pods)).toEqual([]);
  });

  test('does not apply to pods without such a listener', () => {
    expect(judgeAmong(serviceOfLoopbackListener, service('{ port: 8404 }'), [web('proxy=*:8404')])).toBeUndefined();
    expect(judgeAmong(serviceOfLoopbackListener, service('{ port: 15432 }'), [])).toBeUndefined();
  });
});

describe('ambiguous-target-port', () => {
  const service = (port: string) => parse(`{ kind: Service, metadata: { name: web }, spec: { selector: { app: web }, ports: [{ port: 80, ${port} }] } }`);
  const selected = (spec: string) => ({ ...pod(spec), metadata: { name: 'web', labels: { app: 'web' } } });
  const http = (name: string, number: number, more = '') => `{ name: ${name}, ports: [{ name: http, containerPort: ${number} ${more} }] }`;

  test('reports the name of ports of two containers, and says which gets the requests', () => {
    const two = selected(`containers: [${http('proxy', 1)}, ${http('web', 2)}]`);
    expect(judgeAmong(ambiguousTargetPort, service('targetPort: http'), [two])).toEqual([
      { field: 'spec.ports[0].targetPort', fact: '"http" is the name of a port of "proxy", which gets all requests, and of "web"' },
    ]);
  });

  test('takes regular containers before native sidecars, whose ports count from 1.32 on', () => {
    const object = selected(`{ initContainers: [{ name: proxy, restartPolicy: Always, ports: [{ name: http, containerPort: 1 }] }], containers: [${http('web', 2)}] }`);
    expect(judgeAmong(ambiguousTargetPort, service('targetPort: http'), [object])?.map(({ fact }) => fact))
      .toEqual(['"http" is the name of a port of "web", which gets all requests, and of "proxy"']);
    expect(judgeAmong(ambiguousTargetPort, service('targetPort: http'), [object], { target: targetOf(KubernetesVersion.V1_31) })).toEqual([]);
  });

  test('accepts one port of the name in each pod, another protocol, and plain init containers', () => {
    const objects = [
      selected(`containers: [${http('web', 1)}, { name: b, ports: [{ name: metrics, containerPort: 2 }] }]`),
      selected(`containers: [${http('web', 1)}, ${http('b', 2, ', protocol: UDP')}]`),
      selected(`{ initContainers: [${http('init', 1)}], containers: [${http('web', 2)}] }`),
    ];
    expect(judgeAmong(ambiguousTargetPort, service('targetPort: http'), objects)).toEqual([]);
  });

  test('does not apply to numbers', () => {
    const two = selected(`containers: [${http('proxy', 1)}, ${http('web', 2)}]`);
    expect(judgeAmong(ambiguousTargetPort, service('targetPort: 8080'), [two])).toBeUndefined();
    expect(judgeAmong(ambiguousTargetPort, service('targetPort: "8080"'), [two])).toBeUndefined();
  });
});

describe('same-host-port', () => {
  const onNode = (ports: string) => pod(`{ hostNetwork: true, containers: [{ name: web, ports: ${ports} }] }`);

  test('refuses another number than that of the container port', () => {
    expect(judge(sameHostPort, onNode('[{ containerPort: 80, hostPort: 80 }, { containerPort: 8080, hostPort: 81 }]'))).toEqual([
      { field: 'spec.containers[0].ports[1].hostPort', fact: '"81" is not 8080, the `containerPort`' },
    ]);
  });

  test('accepts no host port, and any of an init container, as the API server does', () => {
    expect(judge(sameHostPort, onNode('[{ containerPort: 80 }, { containerPort: 81, hostPort: 0 }]'))).toEqual([]);
    const sidecar = pod('{ hostNetwork: true, initContainers: [{ name: a, restartPolicy: Always, ports: [{ containerPort: 80, hostPort: 81 }] }], containers: [{ name: web }] }');
    expect(judge(sameHostPort, sidecar)).toEqual([]);
  });

  test('does not apply to pods with a network of their own', () => {
    expect(judge(sameHostPort, webPod('{ ports: [{ containerPort: 80, hostPort: 81 }] }'))).toBeUndefined();
  });
});

describe('service-names', () => {
  const service = (name: string, ...ports: object[]) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'a' }, spec: { ports } });
  const found = (object: object, target?: Target) => judgeAmong(serviceNames, object, [], { target })!.map(({ field, fact }) => [field, fact]);

  test.each([
    ['Web', '"Web" is no DNS label (lower case letters, digits and "-"); did you mean "web"?'],
    ['web.shop', '"web.shop" is no DNS label (lower case letters, digits and "-"); did you mean "web-shop"?'],
    ['2048', '"2048" begins with a digit'],
    ['3-scale', '"3-scale" begins with a digit; did you mean "scale"?'],
    ['a'.repeat(64), `"${'a'.repeat(64)}" has 64 characters and may have 63; did you mean "${'a'.repeat(63)}"?`],
  ])('refuses a Service "%s"', (name, fact) => {
    expect(found(service(name, { port: 80 }))).toEqual([['metadata.name', fact]]);
  });

  test('accepts a digit at the beginning for Kubernetes 1.36', () => {
    expect(found(service('2048', { port: 80 }), targetOf(KubernetesVersion.V1_36))).toEqual([]);
    expect(found(service('web.shop', { port: 80 }), targetOf(KubernetesVersion.V1_36))).toHaveLength(1);
  });

  test.each([
    [[{ name: 'a', port: 80 }, { port: 81 }], 'spec.ports[1].name', '"" is no name, and each of several ports needs one'],
    [[{ name: 'a', port: 80 }, { name: 'a', port: 81 }], 'spec.ports[1].name', '"a" is already the name of ports[0]'],
    [[{ name: 'a', port: 80 }, { name: 'b', port: 80, protocol: 'TCP' }], 'spec.ports[1].port', '"80/TCP" is already the port of ports[0]'],
    [[{ name: 'Http_2', port: 80 }], 'spec.ports[0].name', '"Http_2" is no DNS label (lower case letters, digits and "-"); did you mean "http-2"?'],
  ])('refuses the ports %j', (ports, field, fact) => {
    expect(found(service('web', ...ports))).toEqual([[field, fact]]);
  });

  test.each([
    [[]], [[{ port: 80 }]], [[{ name: '80', port: 80 }]], [[{ name: 'a', port: 80 }, { name: 'b', port: 80, protocol: 'UDP' }]],
  ])('accepts the ports %j', (ports) => {
    expect(found(service('web', ...ports))).toEqual([]);
  });

  withApicheck('agrees with the API server on any names of Services and ports', () => {
    const name = fc.constantFrom('web', 'Web', 'a.b', '1a', 'a-', 'a-1', '0', 'a'.repeat(63), 'a'.repeat(64), 'a_b');
    const port = fc.record({ name: fc.oneof(name, fc.constant(undefined)), port: fc.constantFrom(80, 81), protocol: fc.constantFrom(undefined, 'TCP', 'UDP') });
    const many = fc.sample(fc.tuple(name, fc.array(port, { minLength: 1, maxLength: 4 })), 2000).map(([of, ports]) => service(of, ...ports));
    const verdicts = verdictsOn(many);
    expect(many.map((object, index) => ({ object, isRefused: verdicts[index].includes(': INVALID'), isFound: found(object).length > 0 }))
      .filter(({ isRefused, isFound }) => isRefused !== isFound)).toEqual([]);
  });
});
