import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ProductionStatefulSet, Sidecar } from 'cdk8s-pod-patterns';

const IMAGE = 'redis:8.2.3';

/** Every hour a copy that is consistent, made by the server itself; a day of them is kept. TERM ends the wait at once. */
const BACKUP = `trap 'exit 0' TERM
while :; do
  sleep "$INTERVAL_SECONDS" & wait $!
  name=/backup/dump-$(date -u +%Y%m%dT%H%M%SZ).rdb
  if redis-cli -h 127.0.0.1 --rdb "$name.part" >/dev/null && mv "$name.part" "$name"; then
    echo "saved $name"
  else
    echo "no backup: $name" >&2
    rm -f "$name.part"
  fi
  ls -1 /backup/dump-*.rdb 2>/dev/null | head -n -24 | xargs -r rm --
done
`;

/** A store with its backup: one cannot be placed, started or moved without the other, so they share a pod. */
export class Store extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop', disableResourceNameHashes: true });

    const claim = new kplus.PersistentVolumeClaim(this, 'Backups', {
      accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
      storage: Size.gibibytes(4),
    });
    const backups = kplus.Volume.fromPersistentVolumeClaim(this, 'BackupVolume', claim, { name: 'backups' });
    new ProductionStatefulSet(this, 'Store', {
      replicas: 1,
      app: {
        name: 'redis',
        image: IMAGE,
        args: ['--appendonly', 'yes', '--dir', '/data', '--protected-mode', 'no'],
        portNumber: 6379,
        securityContext: { user: 999, group: 999 },
        liveness: kplus.Probe.fromTcpSocket({ periodSeconds: Duration.seconds(10), timeoutSeconds: Duration.seconds(5) }),
        // Not a TCP probe: the port is open while the data is still being read.
        readiness: kplus.Probe.fromCommand(['sh', '-c', 'redis-cli -h 127.0.0.1 ping | grep -q PONG'], { periodSeconds: Duration.seconds(5) }),
      },
      networkIsolation: { ingressFrom: [kplus.Pods.all(this, 'Clients')] },
      volumeClaimTemplates: [{ name: 'data', path: '/data', size: Size.gibibytes(1) }],
      parts: [
        new Sidecar({
          name: 'backup',
          image: IMAGE,
          command: ['sh', '-c', BACKUP],
          envVariables: { INTERVAL_SECONDS: kplus.EnvValue.fromValue('3600') },
          securityContext: { user: 999, group: 999 },
          volumeMounts: [{ path: '/backup', volume: backups }],
        }),
      ],
    });
  }
}

const app = new App();
new Store(app, 'stateful-backup');
app.synth();
