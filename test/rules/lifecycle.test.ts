import { facts, fields, judge, judgeAmong, pod, webPod, workload } from './judge';
import { commandWithoutProgram } from '../../src/rules/lifecycle/command-without-program';
import { drainWithinGracePeriod } from '../../src/rules/lifecycle/drain-within-grace-period';
import { initNeedsLaterContainer } from '../../src/rules/lifecycle/init-needs-later-container';
import { livenessGracePeriod } from '../../src/rules/lifecycle/liveness-grace-period';
import { oneHandlerAction } from '../../src/rules/lifecycle/one-handler-action';
import { preStopEndsSidecar } from '../../src/rules/lifecycle/pre-stop-ends-sidecar';
import { preStopWithinGracePeriod } from '../../src/rules/lifecycle/pre-stop-within-grace-period';
import { probeOfInitContainer } from '../../src/rules/lifecycle/probe-of-init-container';
import { probeOfLogAgent } from '../../src/rules/lifecycle/probe-of-log-agent';
import { probeTimings } from '../../src/rules/lifecycle/probe-timings';
import { restartPolicy } from '../../src/rules/lifecycle/restart-policy';
import { shellAsFirstProcess } from '../../src/rules/lifecycle/shell-as-first-process';
import { sleepWithinGracePeriod } from '../../src/rules/lifecycle/sleep-within-grace-period';
import { startOrderDeadlock } from '../../src/rules/lifecycle/start-order-deadlock';
import { startWaitsForUpstream } from '../../src/rules/lifecycle/start-waits-for-upstream';
import { tcpLifecycleHandler } from '../../src/rules/lifecycle/tcp-lifecycle-handler';

const path = 'spec.containers[0]';

describe('probe-of-init-container', () => {
  const init = (more: string) => pod(`{ initContainers: [{ name: init, ${more} }], containers: [{ name: web, livenessProbe: { exec: {} } }] }`);

  test.each([
    ['a startup probe', 'startupProbe: { tcpSocket: { port: 80 } }', 'startupProbe'],
    ['a lifecycle handler', 'lifecycle: { preStop: { exec: { command: [sync] } } }', 'lifecycle.preStop'],
  ])('refuses %s', (_, more, field) => {
    expect(fields(probeOfInitContainer, init(more))).toEqual([`spec.initContainers[0].${field}`]);
  });

  test('accepts an init container without, and does not apply to native sidecars', () => {
    expect(fields(probeOfInitContainer, init('image: "init:1"'))).toEqual([]);
    expect(fields(probeOfInitContainer, init('restartPolicy: Always, startupProbe: { tcpSocket: { port: 80 } }'))).toBeUndefined();
  });
});

describe('one-handler-action', () => {
  test.each([
    ['a probe without an action', '{ readinessProbe: { periodSeconds: 5 } }', 'readinessProbe', '"" is no action, and one is required'],
    ['a handler without an action', '{ lifecycle: { postStart: {} } }', 'lifecycle.postStart', '"" is no action, and one is required'],
    ['a probe that sleeps', '{ livenessProbe: { sleep: { seconds: 5 } } }', 'livenessProbe', '"" is no action, and one is required'],
    ['a handler that asks by gRPC', '{ lifecycle: { preStop: { grpc: { port: 80 } } } }', 'lifecycle.preStop', '"" is no action, and one is required'],
    ['two actions', '{ livenessProbe: { exec: { command: [a] }, tcpSocket: { port: 1 } } }', 'livenessProbe', '"exec", "tcpSocket" are 2 actions instead of one'],
    ['an empty command', '{ startupProbe: { exec: { command: [] } } }', 'startupProbe.exec.command', '"" is no command, and one is required'],
    ['an exec without a command', '{ lifecycle: { preStop: { exec: {} } } }', 'lifecycle.preStop.exec.command', '"" is no command, and one is required'],
  ])('refuses %s', (_, container, field, fact) => {
    expect(judge(oneHandlerAction, webPod(container))).toEqual([{ field: `${path}.${field}`, fact }]);
  });

  test('accepts one action of each kind', () => {
    const object = webPod(`{
      livenessProbe: { grpc: { port: 1 } }, readinessProbe: { httpGet: { port: 1 } }, startupProbe: { tcpSocket: { port: 1 } },
      lifecycle: { postStart: { exec: { command: [a] } }, preStop: { sleep: { seconds: 1 } } } }`);
    expect(fields(oneHandlerAction, object)).toEqual([]);
  });

  test('does not apply to a pod without probes and handlers', () => {
    expect(fields(oneHandlerAction, webPod('{ lifecycle: {} }'))).toBeUndefined();
  });
});

describe('probe-timings', () => {
  test.each([
    ['livenessProbe: { successThreshold: 2 }', 'livenessProbe.successThreshold', '"2" is not 1, as a livenessProbe requires'],
    ['startupProbe: { successThreshold: 2 }', 'startupProbe.successThreshold', '"2" is not 1, as a startupProbe requires'],
    ['readinessProbe: { periodSeconds: -1 }', 'readinessProbe.periodSeconds', '"-1" is negative'],
    ['readinessProbe: { timeoutSeconds: 0.5 }', 'readinessProbe.timeoutSeconds', '"0.5" is not a whole number'],
    ['readinessProbe: { failureThreshold: "3" }', 'readinessProbe.failureThreshold', '"3" is not a whole number'],
    ['readinessProbe: { terminationGracePeriodSeconds: 5 }', 'readinessProbe.terminationGracePeriodSeconds', '"5" is not allowed: a readiness probe ends nothing'],
    ['livenessProbe: { terminationGracePeriodSeconds: 0 }', 'livenessProbe.terminationGracePeriodSeconds', '"0" is less than 1'],
  ])('refuses %s', (probe, field, fact) => {
    expect(judge(probeTimings, webPod(`{ ${probe} }`))).toEqual([{ field: `${path}.${field}`, fact }]);
  });

  test('accepts zero, which the API server replaces by its default, and two successes for readiness', () => {
    const object = webPod(`{
      livenessProbe: { successThreshold: 0, periodSeconds: 0, terminationGracePeriodSeconds: 1 },
      startupProbe: { successThreshold: 1, initialDelaySeconds: null },
      readinessProbe: { successThreshold: 2 } }`);
    expect(fields(probeTimings, object)).toEqual([]);
  });

  test('does not apply to a pod without probes', () => {
    expect(fields(probeTimings, webPod('{ lifecycle: { preStop: { sleep: { seconds: -1 } } } }'))).toBeUndefined();
  });
});

describe('tcp-lifecycle-handler', () => {
  test('refuses tcpSocket in a lifecycle handler', () => {
    const object = webPod('{ lifecycle: { preStop: { tcpSocket: { port: 80 } } } }');
    expect(fields(tcpLifecycleHandler, object)).toEqual([`${path}.lifecycle.preStop.tcpSocket`]);
    expect(facts(tcpLifecycleHandler, object)).toEqual(['"tcpSocket" is no action of a preStop handler that the kubelet runs']);
  });

  test('accepts other handlers, and does not apply to probes', () => {
    expect(fields(tcpLifecycleHandler, webPod('{ lifecycle: { preStop: { sleep: { seconds: 1 } } } }'))).toEqual([]);
    expect(fields(tcpLifecycleHandler, webPod('{ livenessProbe: { tcpSocket: { port: 80 } } }'))).toBeUndefined();
  });
});

describe('sleep-within-grace-period', () => {
  const sleeping = (seconds: unknown, grace?: unknown, hook = 'preStop') => {
    const object = webPod(`lifecycle: { ${hook}: { sleep: {} } }`);
    object.spec.containers[0].lifecycle[hook].sleep.seconds = seconds;
    object.spec.terminationGracePeriodSeconds = grace;
    return object;
  };

  test.each([
    [31, undefined, '"31" is more than the grace period of 30 seconds'],
    [61, 60, '"61" is more than the grace period of 60 seconds'],
    [5, 0, '"5" is more than the grace period of 0 seconds'],
    [5, -1, '"5" is more than the grace period of 1 seconds'],
    [-1, undefined, '"-1" is negative'],
    [1.5, undefined, '"1.5" is not a whole number'],
    ['5', undefined, '"5" is not a whole number'],
  ])('refuses %j of %j', (seconds, grace, fact) => {
    expect(judge(sleepWithinGracePeriod, sleeping(seconds, grace))).toEqual([{ field: 'spec.containers[0].lifecycle.preStop.sleep.seconds', fact }]);
  });

  test('looks at postStart and at native sidecars', () => {
    expect(fields(sleepWithinGracePeriod, sleeping(31, null, 'postStart'))).toEqual(['spec.containers[0].lifecycle.postStart.sleep.seconds']);
    const init = (policy: string) => pod(`initContainers: [{ name: a, ${policy} lifecycle: { preStop: { sleep: { seconds: 31 } } } }]`);
    expect(fields(sleepWithinGracePeriod, init('restartPolicy: Always,'))).toEqual(['spec.initContainers[0].lifecycle.preStop.sleep.seconds']);
    expect(fields(sleepWithinGracePeriod, init(''))).toBeUndefined();
  });

  test.each([[30, undefined], [60, 60], [0, 0], [undefined, undefined], [null, undefined], [99, 'x']])('accepts %j of %j', (seconds, grace) => {
    expect(fields(sleepWithinGracePeriod, sleeping(seconds, grace))).toEqual([]);
  });
});

describe('pre-stop-within-grace-period', () => {
  const waiting = (preStop: string, grace?: unknown) => {
    const object = webPod(`lifecycle: { preStop: ${preStop} }`);
    object.spec.terminationGracePeriodSeconds = grace;
    return object;
  };
  const command = (text: string) => `{ exec: { command: [sh, -c, ${JSON.stringify(text)}] } }`;

  test.each([
    ['a command of 60 seconds in 30', '{ exec: { command: [sleep, "60"] } }', undefined, '"60 s" of waiting in the preStop leave nothing of the grace period of 30 seconds'],
    ['a command that takes all of it', '{ exec: { command: [/bin/sleep, "45"] } }', 45, '"45 s" of waiting in the preStop leave nothing of the grace period of 45 seconds'],
    ['a sleep that takes all of it', '{ sleep: { seconds: 30 } }', undefined, '"30 s" of waiting in the preStop leave nothing of the grace period of 30 seconds'],
    ['minutes', command('sleep 2m'), 90, '"120 s" of waiting in the preStop leave nothing of the grace period of 90 seconds'],
    ['several waits', command('touch /tmp/x; sleep 20 && nginx -s quit; sleep 15'), undefined, '"35 s" of waiting in the preStop leave nothing of the grace period of 30 seconds'],
  ])('refuses %s', (_, preStop, grace, fact) => {
    expect(judge(preStopWithinGracePeriod, waiting(preStop, grace))).toEqual([{ field: 'spec.containers[0].lifecycle.preStop', fact }]);
  });

  test('says where the container is a native sidecar', () => {
    const object = pod('initContainers: [{ name: a, restartPolicy: Always, lifecycle: { preStop: { exec: { command: [sleep, "31"] } } } }]');
    expect(facts(preStopWithinGracePeriod, object)).toEqual(['"31 s" of waiting in the preStop of a native sidecar leave nothing of the grace period of 30 seconds']);
  });

  test.each([
    ['a wait that leaves something', '{ exec: { command: [sleep, "25"] } }', undefined],
    ['a longer grace period', '{ sleep: { seconds: 30 } }', 31],
    ['a pod that is to end at once', '{ exec: { command: [sleep, "5"] } }', 0],
    ['a sleep that sleep-within-grace-period refuses', '{ sleep: { seconds: 31 } }', undefined],
    ['a grace period that is no number', '{ exec: { command: [sleep, "99"] } }', 'x'],
  ])('accepts %s', (_, preStop, grace) => {
    expect(fields(preStopWithinGracePeriod, waiting(preStop, grace))).toEqual([]);
  });

  test.each([
    ['a command of unknown length', '{ exec: { command: [/bin/drain, --sleep-99] } }'],
    ['a sleep in the background', command('sleep 60 & /bin/drain')],
    ['words that are no sleep', command('nosleep 60; echo asleep 99; sleep60 60')],
    ['a request', '{ httpGet: { port: 80, path: /sleep } }'],
    ['nonsense', '{ sleep: { seconds: { a: 1 } } }'],
  ])('does not apply to %s', (_, preStop) => {
    expect(fields(preStopWithinGracePeriod, waiting(preStop))).toBeUndefined();
  });

  test('does not apply to plain init containers and to postStart', () => {
    expect(fields(preStopWithinGracePeriod, pod('initContainers: [{ name: a, lifecycle: { preStop: { exec: { command: [sleep, "31"] } } } }]'))).toBeUndefined();
    expect(fields(preStopWithinGracePeriod, webPod('lifecycle: { postStart: { exec: { command: [sleep, "99"] } } }'))).toBeUndefined();
  });
});

describe('liveness-grace-period', () => {
  const probed = (probe: string, grace?: unknown) => {
    const object = webPod(probe);
    object.spec.terminationGracePeriodSeconds = grace;
    return object;
  };

  test('warns where a container that hangs would stay for longer than a minute', () => {
    expect(judge(livenessGracePeriod, probed('livenessProbe: { tcpSocket: { port: 1 } }', 61))).toEqual([
      { field: 'spec.containers[0].livenessProbe', fact: '"61 s" pass before "web" is killed when it hangs: the grace period of the pod' },
    ]);
  });

  test('looks at native sidecars', () => {
    const object = pod('{ terminationGracePeriodSeconds: 300, initContainers: [{ name: a, restartPolicy: Always, livenessProbe: { exec: { command: [a] } } }] }');
    expect(fields(livenessGracePeriod, object)).toEqual(['spec.initContainers[0].livenessProbe']);
  });

  test.each([
    ['a grace period of the probe', 'livenessProbe: { tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 300 }'],
  ])('accepts %s', (_, probe) => {
    expect(fields(livenessGracePeriod, probed(probe, 300))).toEqual([]);
  });

  test.each([
    ['a minute', 'livenessProbe: { tcpSocket: { port: 1 } }', 60],
    ['the default', 'livenessProbe: { tcpSocket: { port: 1 } }', undefined],
    ['no number', 'livenessProbe: { tcpSocket: { port: 1 } }', '300'],
    ['no liveness probe', 'startupProbe: { tcpSocket: { port: 1 } }', 300],
  ])('does not apply to %s', (_, probe, grace) => {
    expect(fields(livenessGracePeriod, probed(probe, grace))).toBeUndefined();
  });
});

describe('pre-stop-ends-sidecar', () => {
  const stopping = (preStop: string, policy = 'restartPolicy: Always') =>
    pod(`{ initContainers: [{ name: proxy, ${policy}, lifecycle: { preStop: ${preStop} } }], containers: [{ name: web }] }`);
  const command = (...words: string[]) => `{ exec: { command: ${JSON.stringify(words)} } }`;
  const shell = (text: string) => command('sh', '-c', text);

  test.each([
    [command('nginx', '-s', 'quit'), 'nginx -s quit'],
    [shell('sleep 5; /usr/sbin/nginx -c /etc/nginx.conf -s stop'), 'nginx -c /etc/nginx.conf -s stop'],
    [command('apachectl', '-k', 'graceful-stop'), 'apachectl -k graceful-stop'],
    [command('supervisorctl', 'shutdown'), 'supervisorctl shutdown'],
    [command('/usr/lib/linkerd/linkerd-await', '--timeout=1s', '--port=4191', '--shutdown', '/bin/sleep', '0'), 'linkerd-await --timeout=1s --port=4191 --shutdown'],
    [command('pilot-agent', 'request', 'POST', 'quitquitquit'), 'pilot-agent request POST quitquitquit'],
    [shell('kill 1'), 'kill 1'],
    [command('kill', '-TERM', '1'), 'kill -TERM 1'],
    [command('/bin/kill', '-s', 'SIGQUIT', '1'), 'kill -s SIGQUIT 1'],
    [shell('sleep 10 && kill -15 $(cat /run/proxy.pid)'), 'kill -15 $(cat /run/proxy.pid)'],
    [shell('pkill -f envoy'), 'pkill -f envoy'],
    [shell('killall -INT haproxy'), 'killall -INT haproxy'],
    [shell('curl -XPOST http://127.0.0.1:15000/quitquitquit'), 'http://127.0.0.1:15000/quitquitquit'],
    [shell('wget --post-data= -qO- "http://localhost:3500/v1.0/shutdown"'), 'http://localhost:3500/v1.0/shutdown'],
    ['{ httpGet: { path: /quitquitquit, port: 9091 } }', '/quitquitquit'],
    ['{ httpGet: { path: /drain, port: 15020 } }', '/drain'],
    ['{ httpGet: { path: "/-/quit?wait=5", port: 9090 } }', '/-/quit'],
  ])('refuses %s', (preStop, words) => {
    expect(judge(preStopEndsSidecar, stopping(preStop))).toEqual([
      { field: 'spec.initContainers[0].lifecycle.preStop', fact: `"${words}" ends "proxy" while the app still runs` },
    ]);
  });

  test.each([
    ['a sleep, after which TERM still waits for the app', '{ sleep: { seconds: 5 } }'],
    ['a command that sleeps', command('sleep', '5')],
    ['a report', shell('cp /stats /reports/$(hostname)')],
    ['a flush', '{ httpGet: { path: /api/plugins.flushBuffers, port: 24444 } }'],
    ['a change of configuration', shell('kill -HUP 1')],
    ['a rotation of logs', shell('pkill -USR1 nginx; nginx -s reopen')],
    ['a question whether it lives', shell('kill -0 1')],
    ['a list of signals', shell('kill -l')],
    ['a wait until the app has closed its connections', shell('while [ $(netstat -plunt | grep -c tcp) -ne 0 ]; do sleep 1; done')],
    ['an end after such a wait', shell('until ! nc -z 127.0.0.1 8080; do sleep 1; done; kill 1')],
    ['a drain of what comes in only', '{ httpGet: { path: "/drain_listeners?inboundonly", port: 15000 } }'],
    ['an end of something else', '{ httpGet: { path: /recordings/7/stop, port: 8080 } }'],
    ['a request to another host', shell('curl http://registry.shop.svc/quit')],
    ['words that are part of others', shell('skill 1; killer -9; nginx -s reload; echo overkill')],
  ])('accepts %s', (_, preStop) => {
    expect(fields(preStopEndsSidecar, stopping(preStop))).toEqual([]);
  });

  test('does not apply to regular containers, which end together with the app, nor to plain init containers', () => {
    expect(fields(preStopEndsSidecar, webPod('{ lifecycle: { preStop: { exec: { command: [nginx, -s, quit] } } } }'))).toBeUndefined();
    expect(fields(preStopEndsSidecar, stopping(command('nginx', '-s', 'quit'), 'image: a'))).toBeUndefined();
  });
});

describe('start-order-deadlock', () => {
  const started = (gate: string, own = '', annotations?: { [key: string]: string }) => pod(`{
    initContainers: [
      { name: first, restartPolicy: Always, ports: [{ containerPort: 9001 }] },
      { name: proxy, restartPolicy: Always, ${own} ${gate} },
      { name: later, restartPolicy: Always, ports: [{ containerPort: 9003 }] }],
    containers: [{ name: web, ports: [{ containerPort: 8080, name: http }, { containerPort: 53, protocol: UDP }] }] }`, annotations);

  test.each([
    ['the app', 'startupProbe: { httpGet: { port: 8080 } }', 'startupProbe', '"8080" is a port of "web", which starts after "proxy"'],
    ['a later sidecar', 'startupProbe: { grpc: { port: 9003 } }', 'startupProbe', '"9003" is a port of "later", which starts after "proxy"'],
    ['the app in postStart', 'lifecycle: { postStart: { httpGet: { port: 8080 } } }', 'lifecycle.postStart', '"8080" is a port of "web", which starts after "proxy"'],
    ['the app with a command', 'startupProbe: { exec: { command: [curl, -f, "http://localhost:8080/healthz"] } }', 'startupProbe', '"8080" is a port of "web", which starts after "proxy"'],
    ['the app in a loop', 'lifecycle: { postStart: { exec: { command: [sh, -c, "until nc -z 127.0.0.1 8080; do sleep 1; done"] } } }', 'lifecycle.postStart', '"8080" is a port of "web", which starts after "proxy"'],
  ])('refuses a sidecar that waits for %s', (_, gate, field, fact) => {
    expect(judge(startOrderDeadlock, started(gate))).toEqual([{ field: `spec.initContainers[1].${field}`, fact }]);
  });

  test('knows listeners that no port declares', () => {
    const listeners = { 'pod-patterns/listeners': 'web=*:8404,proxy=*:8405' };
    expect(facts(startOrderDeadlock, started('startupProbe: { tcpSocket: { port: 8404 } }', '', listeners))).toHaveLength(1);
    expect(facts(startOrderDeadlock, started('startupProbe: { tcpSocket: { port: 8405 } }', '', listeners))).toEqual([]);
  });

  test.each([
    ['its own port', 'startupProbe: { tcpSocket: { port: 9002 } }', 'ports: [{ containerPort: 9002 }],'],
    ['a port that both declare', 'startupProbe: { tcpSocket: { port: 8080 } }', 'ports: [{ containerPort: 8080 }],'],
    ['a sidecar that has started before', 'startupProbe: { tcpSocket: { port: 9001 } }', ''],
    ['a port that nobody declares', 'startupProbe: { tcpSocket: { port: 7000 } }', ''],
    ['a port by a name of its own', 'startupProbe: { httpGet: { port: http } }', 'ports: [{ containerPort: 9002, name: http }],'],
    ['a port of another protocol', 'startupProbe: { tcpSocket: { port: 53 } }', ''],
    ['another host', 'startupProbe: { httpGet: { port: 8080, host: 192.0.2.1 } }', ''],
    ['the app, where the failure counts for nothing', 'lifecycle: { postStart: { exec: { command: [sh, -c, "nc -z 127.0.0.1 8080 || true"] } } }', ''],
  ])('accepts a sidecar that asks %s', (_, gate, own) => {
    expect(fields(startOrderDeadlock, started(gate, own))).toEqual([]);
  });

  test('does not apply to readiness and liveness probes, nor to the startup probe of the app', () => {
    expect(fields(startOrderDeadlock, started('readinessProbe: { httpGet: { port: 8080 } }, livenessProbe: { httpGet: { port: 8080 } }'))).toBeUndefined();
    expect(fields(startOrderDeadlock, webPod('{ ports: [{ containerPort: 8080 }], startupProbe: { tcpSocket: { port: 8080 } } }'))).toBeUndefined();
  });
});

describe('start-waits-for-upstream', () => {
  const gated = (gate: string) => pod(`{ initContainers: [{ name: proxy, restartPolicy: Always, ${gate} }], containers: [{ name: web }] }`);
  const probe = (...words: string[]) => gated(`startupProbe: { exec: { command: ${JSON.stringify(words)} } }`);

  test.each([
    [['curl', '-fsS', 'https://catalog.shop.svc.cluster.local/healthz'], 'catalog.shop.svc.cluster.local'],
    [['sh', '-c', 'wget -qO- http://user:word@192.0.2.7:8080/'], '192.0.2.7'],
    [['nc', '-z', '-w', '1', 'db.example.com', '5432'], 'db.example.com'],
    [['sh', '-c', 'nc -zvw2 db 5432'], 'db'],
    [['pg_isready', '-h', 'db.example.com', '-p', '5432'], 'db.example.com'],
    [['redis-cli', '-h', 'cache', 'ping'], 'cache'],
    [['mysqladmin', '--host=db', 'ping'], 'db'],
  ])('warns of %j', (words, host) => {
    expect(judge(startWaitsForUpstream, probe(...words))).toEqual([
      { field: 'spec.initContainers[0].startupProbe', fact: `"${host}" must answer before the containers after "proxy" start` },
    ]);
  });

  test('looks at postStart', () => {
    expect(fields(startWaitsForUpstream, gated('lifecycle: { postStart: { exec: { command: [curl, "http://registry/join"] } } }'))).toEqual(['spec.initContainers[0].lifecycle.postStart']);
  });

  test.each([
    [['nc', '-z', '127.0.0.1', '5432']],
    [['curl', 'http://localhost:9901/ready']],
    [['pg_isready', '-h', '127.0.0.1', '-p', '5432']],
    [['pg_isready', '-p', '5432']],
    [['curl', '-H', 'Origin: https://shop.example', 'http://127.0.0.1:8080/']],
    [['curl', '-x', 'http://127.0.0.1:3128', 'http://catalog/']],
    [['sh', '-c', 'curl http://$POD_IP:8080/ && nc -z ${DB_HOST} 5432']],
    [['sh', '-c', 'curl http://registry/join || true']],
    [['sh', '-c', 'curl http://registry/join; exit 0']],
    [['/bin/proxy', 'check', '--config=https.yaml']],
  ])('accepts %j', (words) => {
    expect(fields(startWaitsForUpstream, probe(...words))).toEqual([]);
  });

  test('does not apply to other probes, nor to other containers', () => {
    expect(fields(startWaitsForUpstream, gated('readinessProbe: { exec: { command: [curl, "http://db/"] } }'))).toBeUndefined();
    expect(fields(startWaitsForUpstream, webPod('{ startupProbe: { exec: { command: [curl, "http://db/"] } } }'))).toBeUndefined();
  });
});

describe('probe-of-log-agent', () => {
  const agent = (probe: string, image = 'docker.io/fluent/fluentd:v1.19.3-2.2', policy = 'restartPolicy: Always,') =>
    pod(`{ initContainers: [{ name: logs, image: "${image}", ${policy} ${probe} }], containers: [{ name: web }] }`);

  test('warns of startup and readiness probes', () => {
    const object = agent('startupProbe: { exec: { command: [a] } }, readinessProbe: { exec: { command: [a] } }');
    expect(fields(probeOfLogAgent, object)).toEqual(['spec.initContainers[0].readinessProbe', 'spec.initContainers[0].startupProbe']);
    expect(facts(probeOfLogAgent, object)).toEqual([
      '"readinessProbe" of the log agent "logs" takes a healthy app out of its Services while the agent is not ready',
      '"startupProbe" of the log agent "logs" keeps the app from starting while the agent is not ready',
    ]);
  });

  test('accepts a liveness probe', () => {
    expect(fields(probeOfLogAgent, agent('livenessProbe: { exec: { command: [a] } }'))).toEqual([]);
  });

  test('does not apply to other images, nor to an agent that is the app', () => {
    expect(fields(probeOfLogAgent, agent('startupProbe: { exec: { command: [a] } }', 'shop/fluentd-proxy:1'))).toBeUndefined();
    expect(fields(probeOfLogAgent, webPod('{ image: "fluentd:1", readinessProbe: { exec: { command: [a] } } }'))).toBeUndefined();
  });
});

describe('command-without-program', () => {
  const STATIC = 'gcr.io/distroless/static-debian12:nonroot';
  const check = (image: string, container: string) => fields(commandWithoutProgram, webPod(`{ image: "${image}", ${container} }`));

  test.each([
    ['a preStop', 'lifecycle: { preStop: { exec: { command: [/bin/sh, -c, "sleep 5"] } } }', 'lifecycle.preStop.exec.command'],
    ['a probe', 'livenessProbe: { exec: { command: [curl, localhost] } }', 'livenessProbe.exec.command'],
    ['the command of the container', 'command: [sh, -c, "server; sleep 1"]', 'command'],
  ])('refuses it for %s', (_, container, field) => {
    expect(check(STATIC, container)).toEqual([`${path}.${field}`]);
  });

  const SLEEP = 'lifecycle: { preStop: { exec: { command: [sleep, "5"] } } }';

  test('names the program and the image', () => {
    expect(facts(commandWithoutProgram, webPod(`{ image: "${STATIC}", ${SLEEP} }`))).toEqual([`"sleep" is not in the image "${STATIC}"`]);
  });

  test.each([
    ['gcr.io/distroless/base'],
    ['mirror.example:5000/gcr.io/distroless/java21-debian12:nonroot'],
    ['envoyproxy/envoy:distroless-v1.39.1'],
    ['prom/prometheus:v3.5.0-distroless'],
    ['registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.10.0'],
    ['gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.25.3'],
    ['fluent/fluent-bit:5.0.3@sha256:1'],
  ])('knows %s', (image) => {
    expect(check(image, SLEEP)).toEqual([`${path}.lifecycle.preStop.exec.command`]);
  });

  test.each([
    ['a variant with a shell', 'gcr.io/distroless/static:debug', SLEEP],
    ['a variant on another base', 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.25.3-alpine', SLEEP],
    ['an image that is known by its digest only', 'gcr.io/distroless/static@sha256:1', SLEEP],
    ['an image that is called the same', 'shop/fluent-bit:5.0.3', SLEEP],
    ['any other image', 'nginx:1.30', SLEEP],
  ])('does not apply to %s', (_, image, container) => {
    expect(check(image, container)).toBeUndefined();
  });

  test.each([
    ['the program of the image', 'livenessProbe: { exec: { command: [/cloud-sql-proxy, wait] } }'],
    ['a program from a volume', 'lifecycle: { preStop: { exec: { command: [/tools/sleep, "5"] } } }'],
    ['where PATH is set', `env: [{ name: PATH, value: /tools }], ${SLEEP}`],
  ])('accepts %s', (_, container) => {
    expect(check(STATIC, container)).toEqual([]);
  });
});

describe('shell-as-first-process', () => {
  const script = (text: string, more = '') => webPod(`{ command: [sh, -c, ${JSON.stringify(text)}], ${more} }`);
  const check = (text: string, more = '') => facts(shellAsFirstProcess, script(text, more));

  test.each([
    ['a pipeline', 'tail -F /logs/a | grep error', '|'],
    ['a pipeline after other commands', 'mkdir -p /x && cd /x; tail -F a 2>&1 | sed s/a/b/', '|'],
    ['a pipeline over two lines', 'tail -F a \\\n  | sed s/a/b/\n', '|'],
    ['a loop', 'while true; do date; sleep 5; done', 'done'],
    ['a loop whose output is passed on', 'while sleep 5; do date; done | tee /logs/a', '|'],
    ['wait', 'server & other & wait', 'wait'],
    ['wait for one job', 'server &\nwait $!  # for ever', 'wait'],
    ['wait in a loop', 'server & while true; do wait; done', 'done'],
    ['a loop around a subshell', 'while true; do (date) done', 'done'],
    ['wait in a group', 'server & { wait', 'wait'],
    ['a loop before comments', 'while true; do\n  date\n\n  done # again\n# and again\n', 'done'],
  ])('refuses %s at the end', (_, text, last) => {
    expect(check(text)).toEqual([`"${last}" at the end of the script keeps the shell as process 1 of "web", which ignores TERM`]);
  });

  test.each([
    ['command: [/bin/bash, -ec], args: ["a | b"]', `${path}.args`],
    ['command: [bash], args: [-o, pipefail, -c, "a | b"]', `${path}.args`],
    ['command: [sh, -e, -c, "a | b"]', `${path}.command`],
    ['image: "busybox:1.28", args: [/bin/sh, -c, "while true; do date >> /var/log/1.log; sleep 1; done"]', `${path}.args`],
    ['image: "registry.k8s.io/busybox:1.27.2", args: [sh, -c, "a | b"]', `${path}.args`],
  ])('finds the script of %s', (container, field) => {
    expect(fields(shellAsFirstProcess, webPod(`{ ${container} }`))).toEqual([field]);
  });

  test.each([
    ['with a trap', 'trap "exit 0" TERM; server & wait'],
    ['that ends in exec', 'a | b > /conf; exec server'],
    ['that ends in one program, which some shells become', 'a | b > /conf; server'],
    ['with "|" in quotes', 'server --filter "a | b" --other \'c|d\''],
    ['with a pipeline whose output is an argument', 'server --name $(hostname | cut -c1)'],
    ['that ends in one of two programs', 'server || fallback'],
    ['that overwrites a file', 'server >| /logs/a'],
    ['that says "done"', 'server --listen; echo done'],
    ['with a program that has a command "wait"', 'kubectl wait pod/web'],
  ])('accepts a script %s', (_, text) => {
    expect(check(text)).toEqual([]);
  });

  test.each([
    ['a script', 'command: [sh, -c, "mkdir -p /logs; tail -n+1 -F /logs/1.log"]', 'tail'],
    ['a script that becomes it', 'command: [sh, -c, "exec tail -f /dev/null"]', 'tail'],
    ['a script of several lines', 'command: [sh, -c, "a | b > /conf\\n  tail --follow=name /logs/a\\n"]', 'tail'],
    ['the command', 'command: [/bin/sleep, infinity]', 'sleep'],
    ['command and args', 'command: [sleep], args: ["100000"]', 'sleep'],
    ['the args of an image without an entrypoint', 'image: "busybox:1.37", args: [tail, -F, /logs/a]', 'tail'],
  ])('refuses a program that ignores TERM in %s', (_, container, program) => {
    expect(facts(shellAsFirstProcess, webPod(`{ ${container} }`))).toEqual([`"${program}" is, or is waited for by, process 1 of "web", which ignores TERM`]);
  });

  test.each([
    ['tail that ends', 'tail -n 5 /logs/a'], ['a short sleep', 'server; sleep 10'], ['what only another program reads', 'server --do "sleep infinity"'],
    ['one of two programs', 'server || sleep infinity'], ['tail with a trap', 'trap "exit 0" TERM; tail -F a & wait'], ['a name that ends so', 'retail -f x'],
  ])('accepts %s', (_, text) => {
    expect(check(text)).toEqual([]);
  });

  test('accepts it where preStop ends the program', () => {
    expect(check('a | b', 'lifecycle: { preStop: { exec: { command: [pkill, -TERM, a] } } }')).toEqual([]);
  });

  const inSpec = (more: string, list = 'containers') => pod(`{ ${more} ${list}: [{ name: web, command: [sh, -c, "a | b"] }] }`);

  test.each([
    ['no script', webPod('command: [server, "a | b"]')],
    ['a first process of its own', webPod('command: [tini, --, sh, -c, "a | b"]')],
    ['an entry point that is not known', webPod('args: [sh, -c, "a | b"]')],
    ['an image with an entry point', webPod('{ image: "jenkins/jenkins:2", args: [sh, -c, "a | b"] }')],
    ['a script in a file', webPod('command: [sh, /run.sh]')],
    ['the pause container as process 1', inSpec('shareProcessNamespace: true,')],
    ['an agent that sees the processes of the node, where TERM ends a shell', inSpec('hostPID: true,')],
    ['a pod that is killed without a wait', inSpec('terminationGracePeriodSeconds: 0,')],
    ['a pod that is meant to end', inSpec('restartPolicy: Never,')],
    ['a plain init container', inSpec('', 'initContainers')],
    ['Windows', inSpec('os: { name: windows },')],
  ])('does not apply to %s', (_, object) => {
    expect(fields(shellAsFirstProcess, object)).toBeUndefined();
  });

  test('applies to a native sidecar of a pod that is meant to end, which then waits for it', () => {
    expect(fields(shellAsFirstProcess, pod('{ restartPolicy: Never, initContainers: [{ name: a, restartPolicy: Always, command: [sh, -c, "a | b"] }] }'))).toHaveLength(1);
  });
});

describe('drain-within-grace-period', () => {
  const check = (annotations: { [key: string]: string }, grace = '{}') => facts(drainWithinGracePeriod, { ...pod('{}', annotations), spec: pod(grace).spec });
  const LINKERD = 'config.alpha.linkerd.io/proxy-wait-before-exit-seconds';
  const ISTIO = 'proxy.istio.io/config';

  test.each([
    ['Linkerd', { [LINKERD]: '30' }, LINKERD, 30],
    ['Istio', { [ISTIO]: 'holdApplicationUntilProxyStarts: true\nterminationDrainDuration: 45s\n' }, ISTIO, 45],
    ['Istio, in minutes and as JSON', { [ISTIO]: '{"terminationDrainDuration":"2m"}' }, ISTIO, 120],
  ])('refuses a wait of %s as long as the grace period', (_, annotations, name, seconds) => {
    expect(check(annotations)).toEqual([`"30" seconds are over before the proxy has waited ${seconds} seconds, as ${name} tells it to`]);
    expect(check(annotations, `terminationGracePeriodSeconds: ${seconds + 1}`)).toEqual([]);
  });

  test('does not apply without a wait that can be read', () => {
    expect(check({ [LINKERD]: 'soon', [ISTIO]: 'terminationDrainDuration: 1h30m' })).toBeUndefined();
    expect(check({})).toBeUndefined();
  });
});

describe('restart-policy', () => {
  const judged = (kind: string, policy?: unknown) =>
    judgeAmong(restartPolicy, workload(kind, 'web', { ...pod('containers: [{ name: web, image: "web:1" }]').spec, restartPolicy: policy }), []);

  test.each([
    ['Job', 'Always', '"Always" is neither Never nor OnFailure, and a Job takes no other'],
    ['Job', undefined, '"" is neither Never nor OnFailure, and a Job takes no other'],
    ['Deployment', 'Never', '"Never" is not Always, and a Deployment takes no other'],
    ['StatefulSet', 'OnFailure', '"OnFailure" is not Always, and a StatefulSet takes no other'],
  ])('refuses in a %s the policy %j', (kind, policy, fact) => {
    expect(judged(kind, policy)).toEqual([{ field: 'spec.template.spec.restartPolicy', fact }]);
  });

  test('refuses in a CronJob what a Job does not take', () => {
    expect(judged('CronJob', 'Always')!.map(({ field }) => field)).toEqual(['spec.jobTemplate.spec.template.spec.restartPolicy']);
  });

  test.each([['Job', 'Never'], ['CronJob', 'OnFailure'], ['Deployment', 'Always'], ['DaemonSet', undefined], ['StatefulSet', null]])('accepts in a %s the policy %j', (kind, policy) => {
    expect(judged(kind, policy)).toEqual([]);
  });
});

describe('init-needs-later-container', () => {
  const proxy = 'name: proxy, image: "shop/proxy:1.0", ports: [{ containerPort: 5432 }]';
  const beforeProxy = (init: string, more = '') => pod(`{
    initContainers: [{ name: init, image: "shop/init:1.0", ${init} }, { ${proxy}, restartPolicy: Always }], containers: [{ name: web, image: "shop/web:1.0" }] ${more} }`);

  test.each([
    ['a variable with an address', 'env: [{ name: A, value: b }, { name: DB, value: "postgres://u:p@127.0.0.1:5432/shop" }]', 'env[1].value'],
    ['variables of host and port', 'env: [{ name: DB_HOST, value: localhost }, { name: DB_PORT, value: "5432" }]', 'env[0].value'],
    ['a command', 'command: [sh, -c, "until nc -z localhost 5432; do sleep 1; done"]', 'command'],
    ['arguments', 'args: [pg_isready, -h, 127.0.0.1, -p, "5432"]', 'args'],
    ['a request', 'command: [curl, "http://127.0.0.1:5432/healthz"]', 'command'],
    ['a request over two lines', 'command: [sh, -c, "curl -sf \\\\\n  http://127.0.0.1:5432/"]', 'command'],
    ['a request among other statements', 'command: [sh, -c, "echo waiting for it; until /usr/bin/curl -f http://localhost:5432/; do sleep 1; done"]', 'command'],
  ])('reports %s that leads to a native sidecar after it', (_, init, field) => {
    expect(judge(initNeedsLaterContainer, beforeProxy(init))).toEqual([
      { field: `spec.initContainers[0].${field}`, fact: '"5432" is a port of "proxy", which starts after "init"' },
    ]);
  });

  test('reports a call of a regular container, and of a listener that the annotation names', () => {
    const init = 'initContainers: [{ name: init, image: "shop/init:1.0", env: [{ name: DB, value: "127.0.0.1:5432" }] }]';
    expect(fields(initNeedsLaterContainer, pod(`{ ${init}, containers: [{ ${proxy} }] }`))).toEqual(['spec.initContainers[0].env[0].value']);
    const noted = pod(`{ ${init}, containers: [{ name: proxy, image: "shop/proxy:1.0" }] }`, { 'pod-patterns/listeners': 'proxy=127.0.0.1:5432' });
    expect(fields(initNeedsLaterContainer, noted)).toEqual(['spec.initContainers[0].env[0].value']);
  });

  test('reports a port once', () => {
    expect(fields(initNeedsLaterContainer, beforeProxy('command: [curl, "http://127.0.0.1:5432/"], env: [{ name: DB, value: "127.0.0.1:5432" }]')))
      .toEqual(['spec.initContainers[0].command']);
  });

  test.each([
    ['another port', 'env: [{ name: DB, value: "127.0.0.1:5433" }]'],
    ['another host', 'env: [{ name: DB, value: "db:5432" }]'],
    ['a failure that does not matter', 'command: [sh, -c, "curl -s http://127.0.0.1:5432/ || true"]'],
    ['configuration that is printed', 'command: [sh, -c, "echo \'upstream http://localhost:5432;\' > /conf/a.conf; curl -f https://example.com/b"]'],
    ['an address for others in its arguments', 'args: ["--public-url=http://localhost:5432"]'],
    ['a variable of where telemetry goes', 'env: [{ name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://localhost:5432" }]'],
    ['variables of all in a container that prepares files', 'command: [sh, -c, "mkdir -p /data/a"], env: [{ name: DB, value: "127.0.0.1:5432" }]'],
    ['variables for configuration that it renders', 'command: [sh, -c, "envsubst < /in > /out"], env: [{ name: DB, value: "127.0.0.1:5432" }]'],
    ['a server of its own in the background', 'command: [sh, -c, "postgres -D /data & until pg_isready -h 127.0.0.1 -p 5432; do sleep 1; done"], env: [{ name: DB, value: "127.0.0.1:5432" }]'],
    ['the image that opens the port', 'image: "shop/proxy:1.0", env: [{ name: DB, value: "127.0.0.1:5432" }]'],
  ])('accepts %s', (_, init) => {
    const object = beforeProxy(init.replace(/image: "[^"]*", /, ''));
    object.spec.initContainers[0].image = /image: "([^"]*)"/.exec(init)?.[1] ?? 'shop/init:1.0';
    expect(fields(initNeedsLaterContainer, object)).toEqual([]);
  });

  test('accepts a native sidecar before it', () => {
    const object = beforeProxy('env: [{ name: DB, value: "127.0.0.1:5432" }]');
    object.spec.initContainers.reverse();
    expect(fields(initNeedsLaterContainer, object)).toEqual([]);
  });

  test('does not apply to pods without plain init containers, nor to those of the network of the node', () => {
    expect(fields(initNeedsLaterContainer, pod(`{ initContainers: [{ ${proxy}, restartPolicy: Always }], containers: [{ name: web }] }`))).toBeUndefined();
    expect(fields(initNeedsLaterContainer, beforeProxy('env: [{ name: DB, value: "127.0.0.1:5432" }]', ', hostNetwork: true'))).toBeUndefined();
  });
});
