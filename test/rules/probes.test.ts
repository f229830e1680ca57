import { parse } from 'yaml';
import { fields, findingsIn, judge, judgeAmong, pod, webPod, workload } from './judge';
import { killedWhileStarting } from '../../src/rules/probes/killed-while-starting';
import { livenessProbe } from '../../src/rules/probes/liveness-probe';
import { readinessProbe } from '../../src/rules/probes/readiness-probe';
import { restartBeforeUnready } from '../../src/rules/probes/restart-before-unready';
import { timeoutWithinPeriod } from '../../src/rules/probes/timeout-within-period';

const path = 'spec.containers[0]';
const HTTP = 'httpGet: { path: /healthz, port: 8080 }';

describe('liveness-probe', () => {
  test('demands one of an app that declares a port', () => {
    expect(judge(livenessProbe, webPod('ports: [{ containerPort: 8080 }]'))).toEqual([
      { field: `${path}.livenessProbe`, fact: '"" is no probe: "web" is not restarted when it hangs' },
    ]);
    expect(fields(livenessProbe, webPod(`{ ports: [{ containerPort: 8080 }], livenessProbe: { ${HTTP} } }`))).toEqual([]);
  });

  test('asks the first regular container, or the one that kubectl takes, and no helper', () => {
    const two = (annotations = {}) => pod(`{ initContainers: [{ name: proxy, restartPolicy: Always, ports: [{ containerPort: 1 }] }],
      containers: [{ name: web, ports: [{ containerPort: 2 }], livenessProbe: { ${HTTP} } }, { name: metrics, ports: [{ containerPort: 3 }] }] }`, annotations);
    expect(fields(livenessProbe, two())).toEqual([]);
    expect(fields(livenessProbe, two({ 'kubectl.kubernetes.io/default-container': 'metrics' }))).toEqual(['spec.containers[1].livenessProbe']);
    expect(fields(livenessProbe, two({ 'kubectl.kubernetes.io/default-container': 'proxy' }))).toEqual([]);
  });

  test('takes no known helper for the app, unless there is nothing else', () => {
    const two = (first: string, second: string) => pod(`containers: [${[first, second].map((image, index) => `{ name: c${index}, image: "${image}", ports: [{ containerPort: ${index + 1} }] }`).join(', ')}]`);
    expect(fields(livenessProbe, two('istio/proxyv2:1', 'web:1'))).toEqual(['spec.containers[1].livenessProbe']);
    expect(fields(livenessProbe, two('istio/proxyv2:1', 'redis_exporter:1'))).toEqual(['spec.containers[0].livenessProbe']);
    expect(fields(livenessProbe, two('web:1', 'istio/proxyv2:1'))).toEqual(['spec.containers[0].livenessProbe']);
  });

  test('keeps the reason of a worker without ports in the report, and its waiver used', () => {
    const worker = (probe: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: worker, annotations: { waive.pod-patterns/liveness-probe: it ends when it fails, waive.pod-patterns/readiness-probe: no traffic } }
spec: { template: { metadata: {}, spec: { containers: [{ name: worker, image: "shop/worker:1.0"${probe} }] } } }`;
    const waivers = (yaml: string) => findingsIn(yaml).map(({ ruleId }) => ruleId).filter((id) => /-(?:probe|waiver)$/.test(id));
    expect(waivers(worker(''))).toEqual([]);
    expect(waivers(worker(`, livenessProbe: { ${HTTP} }, readinessProbe: { ${HTTP}, failureThreshold: 1 }`))).toEqual(['unused-waiver', 'unused-waiver']);
  });

  test.each([
    ['a worker without ports', webPod('{}')],
    ['a Job', workload('Job', 'report', webPod('ports: [{ containerPort: 1 }]').spec)],
    ['a pod that is not started again', pod('{ restartPolicy: Never, containers: [{ name: web, ports: [{ containerPort: 1 }] }] }')],
    ['a pod without containers', pod('{}')],
  ])('does not apply to %s', (_, object) => {
    expect(judge(livenessProbe, object)).toBeUndefined();
  });
});

describe('readiness-probe', () => {
  const service = (port: string, more = '') => parse(`{ apiVersion: v1, kind: Service, metadata: { name: shop }, spec: { selector: { app: web }, ports: [${port}], ${more} } }`);
  const deployment = (containers: string) => parse(`{ apiVersion: apps/v1, kind: Deployment, metadata: { name: web },
    spec: { template: { metadata: { labels: { app: web, tier: front } }, spec: { containers: [${containers}] } } } }`);
  const web = deployment('{ name: web, ports: [{ name: http, containerPort: 8080 }] }');

  test.each([
    ['by number', web, '{ port: 80, targetPort: 8080 }'],
    ['by name', web, '{ port: 80, targetPort: http }'],
    ['by its own number', web, '{ port: 8080 }'],
    ['by a number that the only container does not declare', deployment('{ name: web }'), '{ port: 80 }'],
  ])('demands one of a container that a Service reaches %s', (_, object, port) => {
    expect(judgeAmong(readinessProbe, object, [service(port)])).toEqual([
      { field: 'spec.template.spec.containers[0].readinessProbe', fact: '"" is no probe: Service "shop" sends requests to "web" as soon as it runs' },
    ]);
  });

  test('does not say that a container with a startup probe gets requests as soon as it runs', () => {
    const object = deployment(`{ name: web, ports: [{ containerPort: 8080 }], startupProbe: { ${HTTP} } }`);
    expect(judgeAmong(readinessProbe, object, [service('{ port: 8080 }')])?.map(({ fact }) => fact)).toEqual([
      '"" is no probe: Service "shop" sends requests to "web" for good once its startup probe has succeeded',
    ]);
  });

  test('demands none of the containers beside it', () => {
    const object = deployment(`{ name: helper, ports: [{ containerPort: 1 }] }, { name: web, ports: [{ containerPort: 8080 }], readinessProbe: { ${HTTP} } }`);
    expect(judgeAmong(readinessProbe, object, [service('{ port: 8080 }')])).toEqual([]);
  });

  test('says once what several Services and ports share', () => {
    expect(judgeAmong(readinessProbe, web, [service('{ port: 80, targetPort: 8080 }, { port: 81, targetPort: http }'), service('{ port: 8080 }')])).toHaveLength(1);
  });

  test('keeps a reason for none in the report where no Service asks for it', () => {
    const declined = { ...web, metadata: { name: 'web', annotations: { 'waive.pod-patterns/readiness-probe': 'it polls a queue' } } };
    expect(judgeAmong(readinessProbe, declined, [])).toEqual([
      { field: 'spec.template.spec.containers[0].readinessProbe', fact: '"" is no probe: "web" is ready as soon as it runs' },
    ]);
  });

  test.each([
    ['a pod that no Service selects', web, []],
    ['a Service of other pods', web, [parse('{ kind: Service, metadata: { name: a }, spec: { selector: { app: web, tier: back }, ports: [{ port: 8080 }] } }')]],
    ['a port that no container declares, in a pod of several', deployment('{ name: a }, { name: b }'), [service('{ port: 8080 }')]],
    ['a port of an exporter', web, [service('{ name: exporter, port: 8080 }')]],
    ['a Service of an exporter', web, [parse('{ kind: Service, metadata: { name: node-exporter }, spec: { selector: { app: web }, ports: [{ port: 8080 }] } }')]],
    ['a Service for metrics, as kubebuilder names it', web, [parse('{ kind: Service, metadata: { name: controller-manager-metrics-service }, spec: { selector: { app: web }, ports: [{ port: 8080 }] } }')]],
    ['the proxy in front of metrics', deployment('{ name: proxy, image: "quay.io/brancz/kube-rbac-proxy:v0.18.0", ports: [{ name: https, containerPort: 8443 }] }'), [service('{ name: https, port: 8443, targetPort: https }')]],
    ['a container that only sleeps', deployment('{ name: web, command: [/bin/sleep, infinity] }'), [service('{ port: 8080 }')]],
    ['a container that a shell keeps alive', deployment('{ name: web, command: [sh, -c, "echo up; tail -f /dev/null"] }'), [service('{ port: 8080 }')]],
    ['a port for metrics', web, [service('{ name: http-metrics, port: 8080 }')]],
    ['a Service that does not wait', web, [service('{ port: 8080 }', 'publishNotReadyAddresses: true')]],
    ['a pod that is not started again', pod('{ restartPolicy: OnFailure, containers: [{ name: web }] }'), []],
    ['an object without a pod', { kind: 'Deployment' }, []],
  ])('does not apply to %s', (_, object, services) => {
    expect(judgeAmong(readinessProbe, object, services)).toBeUndefined();
  });
});

describe('restart-before-unready', () => {
  const check = (liveness: string, readiness: string) => judge(restartBeforeUnready, webPod(`{ livenessProbe: { ${liveness} }, readinessProbe: { ${readiness} } }`));

  test('refuses a liveness probe that gives up as early as the readiness probe that asks the same', () => {
    expect(check(HTTP, `${HTTP}, periodSeconds: 5, failureThreshold: 6`)).toEqual([
      { field: `${path}.livenessProbe.failureThreshold`, fact: '"3" failures in 30 s restart "web", and the same answer takes 30 s to make it unready' },
    ]);
  });

  test('takes 0 for the default, as Kubernetes does', () => {
    expect(check(`${HTTP}, failureThreshold: 0`, HTTP)).toHaveLength(1);
  });

  test.each([
    ['takes longer', `${HTTP}, failureThreshold: 4`, HTTP],
    ['asks for something else', 'httpGet: { path: /livez, port: 8080 }', HTTP],
    ['asks in another way', 'tcpSocket: { port: 8080 }', HTTP],
    ['asks nothing', '', ''],
  ])('accepts one that %s', (_, liveness, readiness) => {
    expect(check(liveness, readiness)).toEqual([]);
  });

  test('does not apply without both', () => {
    expect(judge(restartBeforeUnready, webPod(`livenessProbe: { ${HTTP} }`))).toBeUndefined();
  });
});

describe('killed-while-starting', () => {
  const check = (probes: string) => judge(killedWhileStarting, webPod(`{ ${probes} }`));

  test('refuses a liveness probe that gives up before the readiness probe asks the same', () => {
    expect(check(`livenessProbe: { ${HTTP}, initialDelaySeconds: 10, periodSeconds: 5 }, readinessProbe: { ${HTTP}, initialDelaySeconds: 25 }`)).toEqual([
      { field: `${path}.livenessProbe`, fact: '"25 s" after its start it has given "web" up, which another probe does not ask before 25 s are over' },
    ]);
  });

  test('refuses a startup probe that gives up before the liveness probe asks the same', () => {
    expect(check(`startupProbe: { ${HTTP} }, livenessProbe: { ${HTTP}, initialDelaySeconds: 60 }`)).toHaveLength(1);
  });

  test('takes the startup probe of cdk8s-plus for one that asks the same', () => {
    const later = `livenessProbe: { ${HTTP}, initialDelaySeconds: 60 }`;
    expect(check(`startupProbe: { tcpSocket: { port: 8080 }, failureThreshold: 3 }, ${later}`)).toHaveLength(1);
    expect(check(`startupProbe: { tcpSocket: { port: 8080 }, failureThreshold: 3, periodSeconds: 10 }, ${later}`)).toEqual([]);
  });

  test.each([
    ['with a startup probe that waits long enough', `startupProbe: { ${HTTP}, failureThreshold: 7 }, livenessProbe: { ${HTTP}, initialDelaySeconds: 60 }`],
    ['where a startup probe holds the liveness probe back', `startupProbe: { ${HTTP}, failureThreshold: 60 }, livenessProbe: { ${HTTP} }, readinessProbe: { ${HTTP}, initialDelaySeconds: 60 }`],
    ['that asks different things', `livenessProbe: { tcpSocket: { port: 8080 } }, readinessProbe: { ${HTTP}, initialDelaySeconds: 60 }`],
    ['with one second to spare', `livenessProbe: { ${HTTP} }, readinessProbe: { ${HTTP}, initialDelaySeconds: 29 }`],
  ])('accepts a container %s', (_, probes) => {
    expect(check(probes)).toEqual([]);
  });

  test('does not apply to one probe alone', () => {
    expect(check(`livenessProbe: { ${HTTP} }`)).toBeUndefined();
  });
});

describe('timeout-within-period', () => {
  test('warns of a probe that waits beyond its period', () => {
    const object = webPod('{ livenessProbe: { timeoutSeconds: 11 }, readinessProbe: { timeoutSeconds: 3, periodSeconds: 2 } }');
    expect(judge(timeoutWithinPeriod, object)).toEqual([
      { field: `${path}.livenessProbe.timeoutSeconds`, fact: '"11" is longer than the period of 10 seconds: one slow answer takes the place of the next questions' },
      { field: `${path}.readinessProbe.timeoutSeconds`, fact: '"3" is longer than the period of 2 seconds: one slow answer takes the place of the next questions' },
    ]);
    expect(judge(timeoutWithinPeriod, webPod('readinessProbe: { timeoutSeconds: 5, periodSeconds: 5 }'))).toEqual([]);
  });

  test('leaves startup probes alone, such as that of the proxy of Istio', () => {
    expect(judge(timeoutWithinPeriod, webPod('startupProbe: { failureThreshold: 600, periodSeconds: 1, timeoutSeconds: 3 }'))).toBeUndefined();
  });

  test('does not apply to lifecycle handlers', () => {
    expect(judge(timeoutWithinPeriod, webPod('lifecycle: { preStop: { exec: { command: [sync] } } }'))).toBeUndefined();
  });
});
