import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';

/**
 * The same pod by hand: what cdk8s-plus has no property for is a JSON patch.
 *
 * @param make pods of the same make differ in names, images and what the environment says; those of another one in what the rules look at too
 */
export function plainPod(chart: Chart, index: number, make: number): void {
  const security = {
    user: 1000,
    group: 1000,
    capabilities: { drop: [kplus.Capability.ALL] },
  };
  const pod = new kplus.Pod(chart, `Web${index}`, {
    containers: [{
      name: 'app',
      image: `registry.example/web-${index}:1.4.2`,
      portNumber: 8080,
      envVariables: { SHOP: kplus.EnvValue.fromValue(`shop-${index}`) },
      liveness: kplus.Probe.fromHttpGet('/healthz'),
      readiness: kplus.Probe.fromHttpGet('/readyz'),
      startup: kplus.Probe.fromTcpSocket({ failureThreshold: 60, periodSeconds: Duration.seconds(2) }),
      securityContext: security,
      resources: {
        cpu: { request: kplus.Cpu.millis(250), limit: kplus.Cpu.millis(500) },
        memory: { request: Size.mebibytes(256), limit: Size.mebibytes(512) },
        ephemeralStorage: { request: Size.gibibytes(164 / 1024), limit: Size.gibibytes(164 / 1024) },
      },
    }],
    terminationGracePeriod: Duration.seconds(30),
  });
  const logs = kplus.Volume.fromEmptyDir(pod, 'Logs', `shared-srv-pages-${make}`, { sizeLimit: Size.mebibytes(64) });
  pod.containers[0].mount(`/srv/pages/${make}`, logs);
  const shipper = pod.addInitContainer({
    name: 'shipper',
    image: 'registry.example/shipper:2.0.0',
    restartPolicy: kplus.ContainerRestartPolicy.ALWAYS,
    securityContext: security,
    resources: {
      cpu: { request: kplus.Cpu.millis(25), limit: kplus.Cpu.millis(200) },
      memory: { request: Size.mebibytes(32), limit: Size.mebibytes(128) },
    },
  });
  shipper.mount(`/srv/pages/${make}`, logs, { readOnly: true });
  pod.metadata.addAnnotation('kubectl.kubernetes.io/default-container', 'app');
  pod.metadata.addAnnotation('waive.pod-patterns/bare-pod', 'it is measured');
  ApiObject.of(pod).addJsonPatch(
    JsonPatch.add('/spec/securityContext/seccompProfile', { type: 'RuntimeDefault' }),
    JsonPatch.add('/spec/enableServiceLinks', false),
    JsonPatch.add('/spec/containers/0/terminationMessagePolicy', 'FallbackToLogsOnError'),
    JsonPatch.add('/spec/containers/0/livenessProbe/terminationGracePeriodSeconds', 10),
    JsonPatch.replace('/spec/containers/0/resources/limits/ephemeral-storage', { value: '164Mi' }),
    JsonPatch.replace('/spec/containers/0/resources/requests/ephemeral-storage', { value: '164Mi' }),
    JsonPatch.add('/spec/initContainers/0/terminationMessagePolicy', 'FallbackToLogsOnError'),
    JsonPatch.add('/spec/initContainers/0/resources/limits/ephemeral-storage', { value: '100Mi' }),
    JsonPatch.add('/spec/initContainers/0/resources/requests/ephemeral-storage', { value: '100Mi' }),
  );
}
