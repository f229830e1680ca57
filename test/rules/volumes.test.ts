import { brokenRules, facts, fields, findingsIn, judge, judgeAmong, pod, workload } from './judge';
import { Rule } from '../../src/rules/rule';
import { absoluteMountPath } from '../../src/rules/volumes/absolute-mount-path';
import { claimWithoutGroup } from '../../src/rules/volumes/claim-without-group';
import { databaseOnEmptyDir } from '../../src/rules/volumes/database-on-empty-dir';
import { emptyDirSizeLimit } from '../../src/rules/volumes/empty-dir-size-limit';
import { filesForRootOnly } from '../../src/rules/volumes/files-for-root-only';
import { memoryVolumeWithinLimit } from '../../src/rules/volumes/memory-volume-within-limit';
import { missingConfigFile } from '../../src/rules/volumes/missing-config-file';
import { mountBelowReadOnly } from '../../src/rules/volumes/mount-below-read-only';
import { mountPathCollision } from '../../src/rules/volumes/mount-path-collision';
import { mountedVolumeExists } from '../../src/rules/volumes/mounted-volume-exists';
import { neverWrittenVolume } from '../../src/rules/volumes/never-written-volume';
import { octalFileMode } from '../../src/rules/volumes/octal-file-mode';
import { partialStorageLimits } from '../../src/rules/volumes/partial-storage-limits';
import { readOnlyRootWithoutMount } from '../../src/rules/volumes/read-only-root-without-mount';
import { relativeSubPath } from '../../src/rules/volumes/relative-sub-path';
import { rollingUpdateWithClaim } from '../../src/rules/volumes/rolling-update-with-claim';
import { severalVolumeWriters } from '../../src/rules/volumes/several-volume-writers';
import { subPathOfConfig } from '../../src/rules/volumes/sub-path-of-config';
import { uniqueVolumeNames } from '../../src/rules/volumes/unique-volume-names';
import { unmountedVolume } from '../../src/rules/volumes/unmounted-volume';
import { unreadVolume } from '../../src/rules/volumes/unread-volume';
import { unrotatedLogDirectory } from '../../src/rules/volumes/unrotated-log-directory';
import { validMountPath } from '../../src/rules/volumes/valid-mount-path';
import { volumeFileModes } from '../../src/rules/volumes/volume-file-modes';
import { volumesWithinStorageLimit } from '../../src/rules/volumes/volumes-within-storage-limit';

const VOLUMES = `
  - { name: data, emptyDir: { sizeLimit: 1Mi } }
  - { name: more, emptyDir: { sizeLimit: 1Mi } }
  - { name: config, configMap: { name: web } }
  - { name: keys, secret: { secretName: web, items: [{ key: tls, path: tls/private/key }] } }
  - { name: all, projected: { sources: [{ configMap: { name: web, items: [{ key: a, path: a/b }] } }] } }
  - { name: facts, downwardAPI: { items: [] } }
  - { name: claim, persistentVolumeClaim: { claimName: web } }
`;
const mounting = (mounts: string) => pod(`{ containers: [{ name: web, image: "web:1", volumeMounts: ${mounts} }] }`);
const withVolumes = (mounts: string) => {
  const object = mounting(mounts);
  object.spec.volumes = pod(`volumes: ${VOLUMES}`).spec.volumes;
  return object;
};
const place = (index: number) => `spec.containers[0].volumeMounts[${index}].mountPath`;

describe('mount-path-collision', () => {
  test.each([
    ['one path', '/data', '/data'],
    ['a slash at the end', '/data', '/data/'],
    ['two slashes', '/var//data', '/var/data'],
    ['dots', '/var/./data/../data', '/var/data'],
    ['a missing slash in front, which the kubelet adds', 'data', '/data'],
    ['the root directory', '/', '/'],
  ])('refuses two mounts at %s', (_, first, second) => {
    expect(judge(mountPathCollision, withVolumes(`[{ name: data, mountPath: "${first}" }, { name: config, mountPath: /etc }, { name: more, mountPath: "${second}" }]`)))
      .toEqual([{ field: place(2), fact: `"${second}" is already the place of volumeMounts[0]` }]);
  });

  test('accepts different paths, and one path in two containers', () => {
    const object = pod(`containers:
      - { name: a, volumeMounts: [{ name: data, mountPath: /data }, { name: more, mountPath: /data2 }] }
      - { name: b, volumeMounts: [{ name: data, mountPath: /data }] }`);
    expect(fields(mountPathCollision, object)).toEqual([]);
  });

  test('does not apply where no container has two mounts', () => {
    expect(fields(mountPathCollision, withVolumes('[{ name: data, mountPath: /data }]'))).toBeUndefined();
  });
});

describe('valid-mount-path', () => {
  test.each([
    ['""', '"" is no path, and one is required'],
    ['null', '"" is no path, and one is required'],
    ['5', '"5" is not a string'],
    ['/', '"/" is the root directory of the container'],
    ['//', '"//" is the root directory of the container'],
    ['/data/..', '"/data/.." is the root directory of the container'],
  ])('refuses %s', (path, fact) => {
    expect(judge(validMountPath, withVolumes(`[{ name: data, mountPath: ${path} }]`))).toEqual([{ field: place(0), fact }]);
  });

  test.each(['/data', '/data/', "'C:\\data'", '"c:/data"', "'\\\\server\\share'"])('accepts %s', (path) => {
    expect(fields(validMountPath, withVolumes(`[{ name: data, mountPath: ${path} }]`))).toEqual([]);
    expect(fields(absoluteMountPath, withVolumes(`[{ name: data, mountPath: ${path} }]`))).toEqual([]);
  });

  test('does not apply to a pod without mounts', () => {
    expect(fields(validMountPath, withVolumes('[]'))).toBeUndefined();
  });
});

describe('absolute-mount-path', () => {
  test.each([
    ['"/a:b"', '"/a:b" has a ":"'],
    ['var/data', '"var/data" is not absolute; did you mean "/var/data"?'],
    ['./data/', '"./data/" is not absolute; did you mean "/data"?'],
  ])('warns of %s, with which the container starts', (path, fact) => {
    expect(judge(absoluteMountPath, withVolumes(`[{ name: data, mountPath: ${path} }]`))).toEqual([{ field: place(0), fact }]);
    expect(fields(validMountPath, withVolumes(`[{ name: data, mountPath: ${path} }]`))).toEqual([]);
  });

  test.each(['""', 'null', '5', '/', '"C:/"', '"D:"'])('leaves %s to others', (path) => {
    expect(fields(absoluteMountPath, withVolumes(`[{ name: data, mountPath: ${path} }]`))).toEqual([]);
  });

  test('does not apply to a pod without mounts', () => {
    expect(fields(absoluteMountPath, withVolumes('[]'))).toBeUndefined();
  });
});

describe('mounted-volume-exists', () => {
  test('refuses a volume that is not there, and names those that are', () => {
    const object = mounting('[{ name: logs, mountPath: /logs }]');
    object.spec.volumes = [{ name: 'log' }, { name: 'data' }];
    expect(judge(mountedVolumeExists, object)).toEqual([
      { field: 'spec.containers[0].volumeMounts[0].name', fact: '"logs" is no volume of the pod; the pod has "log", "data"' },
    ]);
  });

  test('refuses a mount without a name, and any mount in a pod without volumes', () => {
    expect(facts(mountedVolumeExists, mounting('[{ mountPath: /logs }, { name: a, mountPath: /a }]'))).toEqual([
      '"" is no volume of the pod; the pod has no volumes',
      '"a" is no volume of the pod; the pod has no volumes',
    ]);
  });

  test('refuses a block device of a volume that is not there', () => {
    const object = pod('{ volumes: [{ name: disk }], containers: [{ name: a, volumeDevices: [{ name: disk, devicePath: /dev/a }, { name: dusk, devicePath: /dev/b }] }] }');
    expect(judge(mountedVolumeExists, object)).toEqual([
      { field: 'spec.containers[0].volumeDevices[1].name', fact: '"dusk" is no volume of the pod; the pod has "disk"' },
    ]);
  });

  test('accepts the claims of a StatefulSet, but of no other workload', () => {
    const object = (kind: string) => {
      const set = workload(kind, 'db', mounting('[{ name: disk, mountPath: /disk }]').spec);
      set.spec.volumeClaimTemplates = [{ metadata: { name: 'disk' } }, {}];
      return set;
    };
    expect(fields(mountedVolumeExists, object('StatefulSet'))).toEqual([]);
    expect(fields(mountedVolumeExists, object('Deployment'))).toEqual(['spec.template.spec.containers[0].volumeMounts[0].name']);
  });

  test('does not apply to a pod without mounts', () => {
    expect(fields(mountedVolumeExists, withVolumes('[]'))).toBeUndefined();
  });
});

describe('unique-volume-names', () => {
  test('refuses the second volume of one name', () => {
    expect(judge(uniqueVolumeNames, pod('volumes: [{ name: a }, { name: b }, { name: a }]'))).toEqual([
      { field: 'spec.volumes[2].name', fact: '"a" is already the name of volumes[0]' },
    ]);
  });

  test('accepts different names, and leaves missing ones to dns-names', () => {
    expect(fields(uniqueVolumeNames, pod('volumes: [{ name: a }, { name: b }, {}, {}]'))).toEqual([]);
  });

  test('does not apply to one volume', () => {
    expect(fields(uniqueVolumeNames, pod('volumes: [{ name: a }]'))).toBeUndefined();
  });
});

describe('mount-below-read-only', () => {
  const BELOW = '{ name: data, mountPath: /etc/web/conf/d }';

  test('refuses a mount below a read-only emptyDir, in either order', () => {
    const above = '{ name: more, mountPath: /etc/web, readOnly: true }';
    expect(judge(mountBelowReadOnly, withVolumes(`[${above}, ${BELOW}]`))).toEqual([
      { field: place(1), fact: '"/etc/web/conf/d" lies below volumeMounts[0] ("/etc/web"), which is read-only' },
    ]);
    expect(fields(mountBelowReadOnly, withVolumes(`[${BELOW}, ${above}]`))).toEqual([place(0)]);
  });

  test.each([
    ['a ConfigMap', 'config'],
    ['a Secret', 'keys'],
    ['a projected volume', 'all'],
    ['the downward API', 'facts'],
  ])('accepts a directory below %s, which the kubelet makes', (_, name) => {
    expect(fields(mountBelowReadOnly, withVolumes(`[{ name: ${name}, mountPath: /etc/web/ }, ${BELOW}]`))).toEqual([]);
  });

  test('refuses a directory below a part of such a volume, where the kubelet does not make it', () => {
    expect(fields(mountBelowReadOnly, withVolumes(`[{ name: keys, mountPath: /etc/web, subPath: tls }, ${BELOW}]`))).toEqual([place(1)]);
  });

  test('refuses a file below such a volume, where the kubelet makes a directory', () => {
    expect(fields(mountBelowReadOnly, withVolumes('[{ name: config, mountPath: /etc/web }, { name: keys, mountPath: /etc/web/key, subPath: key }]'))).toEqual([place(1)]);
    expect(fields(mountBelowReadOnly, withVolumes('[{ name: config, mountPath: /etc/web }, { name: keys, mountPath: /etc/web/tls, subPath: tls }]'))).toEqual([]);
  });

  test.each([
    ['below a writable emptyDir', '[{ name: data, mountPath: /data }, { name: config, mountPath: /data/config }]'],
    ['beside a read-only mount', '[{ name: data, mountPath: /etc/web, readOnly: true }, { name: more, mountPath: /etc/web2 }]'],
    ['at the same path, which mount-path-collision reports', '[{ name: data, mountPath: /etc, readOnly: true }, { name: more, mountPath: /etc }]'],
    ['below a claim, which may have the directory', '[{ name: claim, mountPath: /data, readOnly: true }, { name: data, mountPath: /data/tmp }]'],
    ['at a file that the projected volume has', '[{ name: all, mountPath: /all }, { name: keys, mountPath: /all/a/b, subPath: tls }]'],
    ['at a directory of the part that is mounted', '[{ name: keys, mountPath: /keys, subPath: tls }, { name: data, mountPath: /keys/private }]'],
    ['below a part that a variable names', '[{ name: keys, mountPath: /keys, subPathExpr: $(A) }, { name: data, mountPath: /keys/private }]'],
    ['without a path', '[{ name: data, mountPath: /etc, readOnly: true }, { name: more }]'],
  ])('accepts a mount %s', (_, mounts) => {
    expect(fields(mountBelowReadOnly, withVolumes(mounts))).toEqual([]);
  });

  test.each([
    ['write to', '{ name: more, mountPath: /out }', []],
    ['have a directory of', '{ name: more, mountPath: /out, subPath: conf, readOnly: true }', []],
    ['only read', '{ name: more, mountPath: /out, readOnly: true }', [place(1)]],
  ])('knows that another container may %s the emptyDir', (_, mount, found) => {
    const object = withVolumes(`[{ name: more, mountPath: /etc/web, readOnly: true }, ${BELOW}]`);
    object.spec.initContainers = pod(`initContainers: [{ name: prepare, volumeMounts: [${mount}] }]`).spec.initContainers;
    expect(fields(mountBelowReadOnly, object)).toEqual(found);
  });

  test('knows that another mount in the same container may write to the emptyDir', () => {
    expect(fields(mountBelowReadOnly, withVolumes(`[{ name: more, mountPath: /etc/web, readOnly: true }, ${BELOW}, { name: more, mountPath: /out }]`))).toEqual([]);
  });

  test('does not count a part of the volume that holds the mount itself as another that makes its place', () => {
    expect(fields(mountBelowReadOnly, withVolumes(`[{ name: more, mountPath: /etc/web, subPath: conf, readOnly: true }, ${BELOW}]`))).toEqual([place(1)]);
  });

  test('takes an emptyDir with nothing below its key for one', () => {
    const object = withVolumes(`[{ name: more, mountPath: /etc/web, readOnly: true }, ${BELOW}]`);
    object.spec.volumes.find(({ name }: { name: string }) => name === 'more').emptyDir = null;
    expect(fields(mountBelowReadOnly, object)).toEqual([place(1)]);
  });

  test('looks at the innermost mount only', () => {
    const mounts = '[{ name: data, mountPath: /a, readOnly: true }, { name: claim, mountPath: /a/b }, { name: more, mountPath: /a/b/c }]';
    expect(fields(mountBelowReadOnly, withVolumes(mounts))).toEqual([place(1)]);
  });

  test('does not apply where no container has two mounts', () => {
    expect(fields(mountBelowReadOnly, withVolumes('[{ name: config, mountPath: /etc }]'))).toBeUndefined();
  });
});

test('each wrong mount breaks one rule only', () => {
  const others = (rules: string[]) => rules.filter((id) => id !== 'unmounted-volume');
  expect(others(brokenRules(withVolumes('[{ name: data, mountPath: "" }, { name: more, mountPath: "" }]')))).toEqual(['valid-mount-path', 'valid-mount-path']);
  expect(brokenRules(withVolumes('[{ name: data, mountPath: /a }, { name: nope, mountPath: /b }]'))).toEqual(['mounted-volume-exists']);
});

describe('relative-sub-path', () => {
  const part = (given: string) => withVolumes(`[{ name: data, mountPath: /data, ${given} }]`);

  test.each([
    ['subPath: ../x', 'subPath', '"../x" has ".." in it, which may leave the directory'],
    ['subPath: a/../b', 'subPath', '"a/../b" has ".." in it, which may leave the directory'],
    ['subPath: /x', 'subPath', '"/x" is not relative'],
    ['subPath: 5', 'subPath', '"5" is not a string'],
    ['subPathExpr: /$(A)', 'subPathExpr', '"/$(A)" is not relative'],
    ['subPath: a, subPathExpr: $(A)', 'subPathExpr', '"$(A)" is given beside subPath "a"'],
  ])('refuses %s', (given, name, fact) => {
    expect(judge(relativeSubPath, part(given))).toEqual([{ field: `spec.containers[0].volumeMounts[0].${name}`, fact }]);
  });

  test.each(['subPath: a..b/c', 'subPathExpr: $(A)', 'subPath: a, subPathExpr: ""'])('accepts %s', (given) => {
    expect(fields(relativeSubPath, part(given))).toEqual([]);
  });

  test('does not apply to mounts of whole volumes', () => {
    expect(fields(relativeSubPath, part('subPath: ""'))).toBeUndefined();
  });
});

describe('volume-file-modes', () => {
  const mode = (value: string) => pod(`volumes: [{ name: a, configMap: { name: a, defaultMode: ${value} } }]`);

  test.each([
    ['512', '"512" is not a whole number from 0 to 511; did you mean 330?'],
    ['644', '"644" is not a whole number from 0 to 511; did you mean 420?'],
    ['999', '"999" is not a whole number from 0 to 511'],
    ['-1', '"-1" is not a whole number from 0 to 511'],
    ['0.5', '"0.5" is not a whole number from 0 to 511'],
    ['"0644"', '"0644" is not a number; did you mean 420?'],
    ['[]', '"[]" is not a number'],
  ])('refuses %s', (value, fact) => {
    expect(judge(volumeFileModes, mode(value))).toEqual([{ field: 'spec.volumes[0].configMap.defaultMode', fact }]);
  });

  test('looks at every kind of volume with files, and at single files', () => {
    const items = 'items: [{ path: a, mode: 420 }, { path: b, mode: 999 }]';
    expect(fields(volumeFileModes, pod(`volumes:
      - { name: a, configMap: { ${items} } }
      - { name: b, secret: { defaultMode: 999 } }
      - { name: c, downwardAPI: { defaultMode: 999, ${items} } }
      - { name: d, projected: { defaultMode: 999, sources: [{ configMap: { ${items} } }, { secret: { ${items} } }, { downwardAPI: { ${items} } }] } }`))).toEqual([
      '[0].configMap.items[1].mode', '[1].secret.defaultMode', '[2].downwardAPI.defaultMode', '[2].downwardAPI.items[1].mode', '[3].projected.defaultMode',
      '[3].projected.sources[0].configMap.items[1].mode', '[3].projected.sources[1].secret.items[1].mode', '[3].projected.sources[2].downwardAPI.items[1].mode',
    ].map((path) => `spec.volumes${path}`));
  });

  test.each(['0', '511'])('accepts %s', (value) => {
    expect(fields(volumeFileModes, mode(value))).toEqual([]);
  });

  test('does not apply without modes', () => {
    expect(fields(volumeFileModes, mode('null'))).toBeUndefined();
  });
});

describe('octal-file-mode', () => {
  const secret = (mode: unknown) => pod(`volumes: [{ name: key, secret: { secretName: web, defaultMode: ${mode} } }]`);

  test.each([
    [440, '"440" is 0670 in octal; did you mean 288?'],
    [444, '"444" is 0674 in octal; did you mean 292?'],
    [400, '"400" is 0620 in octal; did you mean 256?'],
    [110, '"110" is 0156 in octal'],
  ])('warns of %d, which gives more than somebody meant', (mode, fact) => {
    expect(judge(octalFileMode, secret(mode))).toEqual([{ field: 'spec.volumes[0].secret.defaultMode', fact }]);
  });

  test.each([0, 0o400, 0o440, 0o444, 0o500, 0o550, 0o555, 0o600, 0o604, 0o640, 0o644, 0o660, 0o664, 0o666, 0o700, 0o711, 0o750, 0o755, 0o770, 0o777])('accepts %d', (mode) => {
    expect(fields(octalFileMode, secret(mode))).toEqual([]);
  });

  test('looks at single files, and leaves what is no mode to volume-file-modes', () => {
    expect(fields(octalFileMode, pod(`volumes:
      - { name: a, projected: { defaultMode: 420, sources: [{ secret: { items: [{ key: a, path: a, mode: 400 }] } }] } }`))).toEqual(['spec.volumes[0].projected.sources[0].secret.items[0].mode']);
    expect(fields(octalFileMode, secret(644))).toEqual([]);
    expect(fields(octalFileMode, pod('volumes: [{ name: a, secret: { secretName: a } }]'))).toBeUndefined();
  });
});

const dir = (emptyDir: string, spec = 'containers: [{ name: web, image: "web:1", volumeMounts: [{ name: data, mountPath: /data }] }]') =>
  pod(`{ ${spec}, volumes: [{ name: data, emptyDir: ${emptyDir} }] }`);

describe('empty-dir-size-limit', () => {
  test('warns of an emptyDir on disk or in memory without a bound', () => {
    expect(judge(emptyDirSizeLimit, dir('{}'))).toEqual([
      { field: 'spec.volumes[0].emptyDir.sizeLimit', fact: '"" is no bound of volume "data": it grows until the disk of the node is full' },
    ]);
    expect(facts(emptyDirSizeLimit, dir('{ medium: Memory }'))?.[0]).toMatch(/which is memory/);
  });

  test.each(['{ sizeLimit: 1Mi }', '{ medium: Memory, sizeLimit: 1Mi }', '{ medium: HugePages }', '{ sizeLimit: 0 }'])('accepts %s', (emptyDir) => {
    expect(fields(emptyDirSizeLimit, dir(emptyDir))).toEqual([]);
  });

  test.each(['socket-dir', 'spire-agent-socket-dir', 'app-sockets', 'linkerd-proxy-init-xtables-lock'])('does not apply to %s, where nothing grows', (name) => {
    expect(fields(emptyDirSizeLimit, pod(`volumes: [{ name: ${name}, emptyDir: {} }]`))).toBeUndefined();
  });

  test.each(['socket-logs', 'clock', 'data'])('applies to %s', (name) => {
    expect(fields(emptyDirSizeLimit, pod(`volumes: [{ name: ${name}, emptyDir: {} }]`))).toHaveLength(1);
  });

  test('does not apply without an emptyDir', () => {
    expect(fields(emptyDirSizeLimit, pod('volumes: [{ name: a, configMap: { name: a } }]'))).toBeUndefined();
  });
});

describe('memory-volume-within-limit', () => {
  const cache = '{ medium: Memory, sizeLimit: 64Mi }';
  const web = (container: string, more = '') => `containers: [{ name: web, image: "web:1", ${container} }${more}]`;
  const mount = 'volumeMounts: [{ name: data, mountPath: /data }]';

  test.each(['32Mi', '64Mi'])('warns of a memory limit of %s for a volume of 64Mi', (limit) => {
    expect(judge(memoryVolumeWithinLimit, dir(cache, web(`resources: { limits: { memory: ${limit} } }, ${mount}`)))).toEqual([
      { field: 'spec.containers[0].resources.limits[memory]', fact: `"${limit}" is not more than the 64Mi of the volumes in memory that it writes` },
    ]);
  });

  test('adds up the volumes that a container writes, each once', () => {
    const object = dir(cache, web('resources: { limits: { memory: 100Mi } }, volumeMounts: [{ name: data, mountPath: /a }, { name: data, mountPath: /b }, { name: more, mountPath: /c }]'));
    expect(fields(memoryVolumeWithinLimit, object)).toEqual([]);
    object.spec.volumes.push({ name: 'more', emptyDir: { medium: 'Memory', sizeLimit: '36Mi' } });
    expect(facts(memoryVolumeWithinLimit, object)).toEqual(['"100Mi" is not more than the 100Mi of the volumes in memory that it writes']);
  });

  test('holds the limit of the pod against all that its containers write', () => {
    expect(fields(memoryVolumeWithinLimit, dir(cache, `resources: { limits: { memory: 64Mi } }, ${web(mount)}`))).toEqual(['spec.resources.limits[memory]']);
  });

  test.each([
    ['a larger limit', web(`resources: { limits: { memory: 65Mi } }, ${mount}`)],
    ['no limit', web(mount)],
    ['a limit of zero, which is none', web(`resources: { limits: { memory: 0 } }, ${mount}`)],
    ['a container that only reads', web('resources: { limits: { memory: 32Mi } }, volumeMounts: [{ name: data, mountPath: /data, readOnly: true }]')],
    ['the rotator, which only gives space back', web('', `, { name: log-rotator, image: "py:1", resources: { limits: { memory: 32Mi } }, ${mount} }`)],
  ])('accepts %s', (_, spec) => {
    expect(fields(memoryVolumeWithinLimit, dir(cache, spec))).toEqual([]);
  });

  test('does not apply to volumes on disk, nor without a size limit', () => {
    expect(fields(memoryVolumeWithinLimit, dir('{ sizeLimit: 64Mi }'))).toBeUndefined();
    expect(fields(memoryVolumeWithinLimit, dir('{ medium: Memory }'))).toBeUndefined();
  });
});

describe('limits of ephemeral storage', () => {
  const limit = (amount: string) => `resources: { limits: { ephemeral-storage: ${amount} } }`;

  test('on some containers only are reported, at the first of them', () => {
    const object = pod(`containers: [{ name: a, image: "a:1" }, { name: b, image: "b:1", ${limit('16Mi')} }, { name: c, image: "c:1", ${limit('0')} }]`);
    expect(judge(partialStorageLimits, object)).toEqual([{
      field: 'spec.containers[1].resources.limits[ephemeral-storage]',
      fact: '"16Mi" limits the whole pod, because "a", "c" have no such limit',
    }]);
  });

  test('are asked of a native sidecar, and not of an init container', () => {
    const object = (more: string) => pod(`{ initContainers: [{ name: i, image: "a:1", ${more} }], containers: [{ name: b, image: "b:1", ${limit('16Mi')} }] }`);
    expect(fields(partialStorageLimits, object('restartPolicy: Always'))).toEqual(['spec.containers[0].resources.limits[ephemeral-storage]']);
    expect(fields(partialStorageLimits, object('args: []'))).toEqual([]);
  });

  test('on an init container alone are the limit of the app, too', () => {
    const object = pod(`{ initContainers: [{ name: i, image: "a:1", ${limit('16Mi')} }], containers: [{ name: b, image: "b:1" }] }`);
    expect(fields(partialStorageLimits, object)).toEqual(['spec.initContainers[0].resources.limits[ephemeral-storage]']);
  });

  test('are counted as the kubelet counts them: the largest init container, where that one has more', () => {
    const object = (init: string) => dir('{ sizeLimit: 50Mi }', `initContainers: [{ name: i, image: "a:1", ${limit(init)} }], containers: [{ name: web, image: "web:1", ${limit('64Mi')}, volumeMounts: [{ name: data, mountPath: /a }] }]`);
    expect(fields(volumesWithinStorageLimit, object('128Mi'))).toEqual([]);
    expect(fields(volumesWithinStorageLimit, object('32Mi'))).toEqual(['spec.volumes[0].emptyDir.sizeLimit']);
  });

  test('on all containers are accepted, and on none there is nothing to say', () => {
    expect(fields(partialStorageLimits, pod(`containers: [{ name: a, ${limit('1Mi')} }, { name: b, ${limit('1Mi')} }]`))).toEqual([]);
    expect(fields(partialStorageLimits, pod('containers: [{ name: a }, { name: b }]'))).toBeUndefined();
  });

  test('that hold the volumes on disk and no logs are reported with what is left', () => {
    const object = (amount: string) => dir('{ sizeLimit: 100Mi }', `containers: [{ name: web, ${limit(amount)}, volumeMounts: [{ name: data, mountPath: /a }] }, { name: b, ${limit('1Mi')} }]`);
    expect(judge(volumesWithinStorageLimit, object('198Mi'))).toEqual([{
      field: 'spec.volumes[0].emptyDir.sizeLimit', fact: '"100Mi" may leave 99Mi of the pod\'s limit of ephemeral storage, 199Mi, for 100Mi of logs',
    }]);
    expect(facts(volumesWithinStorageLimit, object('99Mi'))).toEqual(['"100Mi" may leave nothing of the pod\'s limit of ephemeral storage, 100Mi, for 100Mi of logs']);
    expect(fields(volumesWithinStorageLimit, object('199Mi'))).toEqual([]);
  });

  test('together below the volumes on disk are reported at the largest', () => {
    const object = dir('{ sizeLimit: 10Mi }', `containers: [{ name: web, ${limit('64Mi')}, volumeMounts: [{ name: data, mountPath: /a }, { name: more, mountPath: /b }] }]`);
    expect(fields(volumesWithinStorageLimit, object)).toEqual([]);
    object.spec.volumes.push({ name: 'more', emptyDir: { sizeLimit: '60Mi' } });
    expect(judge(volumesWithinStorageLimit, object)).toEqual([{
      field: 'spec.volumes[1].emptyDir.sizeLimit',
      fact: '"60Mi" and the other volumes on disk, 70Mi together, may be more than the pod\'s limit of ephemeral storage, 64Mi',
    }]);
    object.spec.volumes[1].emptyDir.medium = 'Memory';
    expect(fields(volumesWithinStorageLimit, object)).toEqual([]);
  });

  test('that not every container has are no limit of the volumes', () => {
    expect(fields(volumesWithinStorageLimit, dir('{ sizeLimit: 1Gi }'))).toBeUndefined();
  });
});

describe('unmounted-volume', () => {
  const volumes = 'volumes: [{ name: data, emptyDir: {} }, { name: config, configMap: { name: web } }]';

  test('warns of each volume that no container mounts', () => {
    expect(judge(unmountedVolume, pod(`{ containers: [{ name: a, volumeMounts: [{ name: data, mountPath: /d }] }], ${volumes} }`))).toEqual([
      { field: 'spec.volumes[1].name', fact: '"config" is mounted by no container' },
    ]);
  });

  test.each([
    ['an init container mounts', 'initContainers: [{ name: i, volumeMounts: [{ name: config, mountPath: /c }] }]'],
    ['a container of a debugging session mounts', 'ephemeralContainers: [{ name: e, volumeMounts: [{ name: config, mountPath: /c }] }]'],
    ['is a block device of a container', 'initContainers: [{ name: i, volumeDevices: [{ name: config, devicePath: /dev/c }] }]'],
  ])('accepts one that %s', (_, others) => {
    expect(fields(unmountedVolume, pod(`{ containers: [{ name: a, volumeMounts: [{ name: data, mountPath: /d }] }], ${others}, ${volumes} }`))).toEqual([]);
  });

  test.each<[string, { [key: string]: string }, string[]]>([
    ['gke-gcsfuse-cache', { 'gke-gcsfuse/volumes': 'true' }, []],
    ['gke-gcsfuse-cache', {}, ['spec.volumes[0].name']],
    ['certs', { 'sidecar.istio.io/userVolumeMount': '[{"name": "certs", "mountPath": "/etc/certs"}]' }, []],
    ['certs', { 'sidecar.istio.io/userVolumeMount': '[{"name": "more-certs", "mountPath": "/etc/certs"}]' }, ['spec.volumes[0].name']],
  ])('knows what injected containers mount: %s with %j', (name, annotations, expected) => {
    expect(fields(unmountedVolume, pod(`{ containers: [{ name: a }], volumes: [{ name: ${name}, emptyDir: {} }] }`, annotations))).toEqual(expected);
  });

  test('says nothing where a mount names a volume that is not there, and may mean this one', () => {
    expect(fields(unmountedVolume, pod(`{ containers: [{ name: a, volumeMounts: [{ name: data, mountPath: /d }, { name: configs, mountPath: /c }] }], ${volumes} }`))).toEqual([]);
  });

  test('does not apply to a pod without volumes', () => {
    expect(fields(unmountedVolume, pod('containers: [{ name: a }]'))).toBeUndefined();
  });
});

describe('never-written-volume', () => {
  const readers = (first: string, init = '') => dir('{}', `${init} containers: [{ name: a, volumeMounts: [{ name: data, mountPath: /d${first} }] }, { name: b, volumeMounts: [{ name: data, mountPath: /d, readOnly: true }] }]`);

  test('warns of a shared emptyDir that all mount read-only', () => {
    expect(judge(neverWrittenVolume, readers(', readOnly: true'))).toEqual([
      { field: 'spec.volumes[0].emptyDir', fact: '"data" is mounted read-only by all that mount it: "a", "b"' },
    ]);
  });

  test('names five containers of many', () => {
    const containers = [1, 2, 3, 4, 5, 6, 7].map((n) => `{ name: c${n}, volumeMounts: [{ name: data, mountPath: /d, readOnly: true }] }`);
    expect(facts(neverWrittenVolume, dir('{}', `containers: [${containers.join(', ')}]`))).toEqual([
      '"data" is mounted read-only by all that mount it: "c1", "c2", "c3", "c4", "c5" and 2 more',
    ]);
  });

  test('accepts one writer, an init container too', () => {
    expect(fields(neverWrittenVolume, readers(''))).toEqual([]);
    expect(fields(neverWrittenVolume, readers(', readOnly: true', 'initContainers: [{ name: fill, volumeMounts: [{ name: data, mountPath: /d }] }],'))).toEqual([]);
  });

  test('does not apply to a directory that one container mounts', () => {
    expect(fields(neverWrittenVolume, dir('{}'))).toBeUndefined();
  });
});

describe('unread-volume', () => {
  const filled = (mount: string, more = '', others = '', name = 'pages') => pod(`{
    volumes: [{ name: ${name}, emptyDir: {} }],
    initContainers: [{ name: fill, volumeMounts: [{ name: ${name}, mountPath: ${mount} }] ${more} }],
    containers: [{ name: web ${others} }] }`);

  test('warns of an emptyDir that only an init container mounts', () => {
    expect(judge(unreadVolume, filled('/srv/pages'))).toEqual([
      { field: 'spec.volumes[0].emptyDir', fact: '"pages" is mounted by the init container "fill" only' },
    ]);
  });

  test.each([
    ['a later container mounts', filled('/srv/pages', '', ', volumeMounts: [{ name: pages, mountPath: /pages }]')],
    ['an init container only reads', filled('/srv/pages, readOnly: true')],
    ['a native sidecar works in', filled('/srv/pages', ', restartPolicy: Always')],
    ['a read-only root file system needs', filled('/srv/pages', ', securityContext: { readOnlyRootFilesystem: true }')],
    ['is a place to work in by its path', filled('/srv/.cache/pages')],
    ['is a place to work in by its name', filled('/srv/pages', '', '', 'render-tmp')],
    ['a mount may mean that names a volume which is not there', filled('/srv/pages', '', ', volumeMounts: [{ name: page, mountPath: /pages }]')],
  ])('accepts one that %s', (_, object) => {
    expect(fields(unreadVolume, object) ?? []).toEqual([]);
  });

  test.each(['templates', 'workers', 'runtime-config', 'homepage'])('takes %s for no place to work in', (name) => {
    expect(fields(unreadVolume, filled(`/srv/${name}`, '', '', name))).toEqual(['spec.volumes[0].emptyDir']);
  });

  test('does not apply to a pod without init containers that end', () => {
    expect(fields(unreadVolume, dir('{}'))).toBeUndefined();
  });
});

describe('database-on-empty-dir', () => {
  const db = (image: string, mounts: string, emptyDir = '{ sizeLimit: 1Gi }', more = '') => dir(emptyDir, `containers: [{ name: db, image: "${image}", volumeMounts: ${mounts}, ${more} }]`);
  const at = (path: string) => `[{ name: data, mountPath: ${path} }]`;

  test.each([
    ['postgres:17', '/var/lib/postgresql/data'],
    ['docker.io/library/postgres@sha256:0123', '/var/lib/postgresql'],
    ['docker.io/bitnami/postgresql:17', '/bitnami/postgresql'],
    ['mysql', '/var/lib/mysql'],
    ['mongo:8', '/data'],
  ])('warns of %s with an emptyDir at %s', (image, path) => {
    expect(fields(databaseOnEmptyDir, db(image, at(path)))).toEqual(['spec.containers[0].volumeMounts[0].name']);
  });

  test('says what is lost', () => {
    expect(facts(databaseOnEmptyDir, db('mysql:9', at('/var/lib/mysql')))).toEqual(['"data" is an emptyDir, and "mysql:9" keeps its data there, in /var/lib/mysql']);
  });

  test.each([
    ['an emptyDir elsewhere', db('postgres:17', at('/tmp'))],
    ['memory, which nobody takes for a disk', db('postgres:17', at('/var/lib/postgresql/data'), '{ medium: Memory }')],
    ['data in another directory', db('postgres:17', at('/var/lib/postgresql/data'), '{}', 'env: [{ name: PGDATA, value: /disk }]')],
    ['a claim inside of it', db('postgres:17', '[{ name: data, mountPath: /var/lib }, { name: disk, mountPath: /var/lib/postgresql }]')],
  ])('accepts %s', (_, object) => {
    expect(fields(databaseOnEmptyDir, object)).toEqual([]);
  });

  test('does not apply to caches, images of others, and pods that end', () => {
    expect(fields(databaseOnEmptyDir, db('redis:8', at('/data')))).toBeUndefined();
    expect(fields(databaseOnEmptyDir, db('registry.example/postgres:17', at('/var/lib/postgresql/data')))).toBeUndefined();
    expect(fields(databaseOnEmptyDir, workload('Job', 'test', db('postgres:17', at('/var/lib/postgresql/data')).spec))).toBeUndefined();
  });
});

describe('read-only-root-without-mount', () => {
  const readOnly = (image: string, more = '') => pod(`containers: [{ name: web, image: "${image}", securityContext: { readOnlyRootFilesystem: true }, ${more} }]`);
  const mounted = (...paths: string[]) => `volumeMounts: [${paths.map((path) => `{ name: a, mountPath: ${path} }`).join(', ')}]`;

  test('warns of each path that is needed and not mounted', () => {
    expect(facts(readOnlyRootWithoutMount, readOnly('nginx:1.30'))).toEqual([
      '"true" keeps "nginx:1.30" from writing its temporary files to /var/cache/nginx, where nothing is mounted',
      '"true" keeps "nginx:1.30" from writing its process id to /run, where nothing is mounted',
    ]);
    expect(fields(readOnlyRootWithoutMount, readOnly('fluent/fluentd:v1.19'))).toEqual(['spec.containers[0].securityContext.readOnlyRootFilesystem']);
  });

  test.each([
    ['mounts of all, under another name', readOnly('nginx:1.30', mounted('/var/cache', '/var/run'))],
    ['mounts in it', readOnly('nginx:1.30', mounted('/var/cache/nginx/client_temp', '/run/nginx'))],
    ['a configuration of its own', readOnly('nginxinc/nginx-unprivileged:1.30', mounted('/etc/nginx'))],
    ['a variable that names another directory', readOnly('fluent/fluentd:v1.19', 'env: [{ name: TMPDIR, value: /state }]')],
  ])('accepts %s', (_, object) => {
    expect(fields(readOnlyRootWithoutMount, object)).toEqual([]);
  });

  test('does not apply to other images, other programs, and a writable root', () => {
    expect(fields(readOnlyRootWithoutMount, readOnly('shop/nginx:1'))).toBeUndefined();
    expect(fields(readOnlyRootWithoutMount, readOnly('nginx:1', 'command: [sleep]'))).toBeUndefined();
    expect(fields(readOnlyRootWithoutMount, pod('containers: [{ name: web, image: "nginx:1" }]'))).toBeUndefined();
  });
});

/** A Deployment or other workload of one container, as YAML. */
const app = (kind: string, container: string, volume: string, more: { spec?: string; pod?: string; annotations?: string; above?: string } = {}) => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: web, annotations: { ${more.above ?? ''} } }
spec:
  ${more.spec ?? 'selector: {}'}
  template:
    metadata: { annotations: { ${more.annotations ?? ''} } }
    spec:
      ${more.pod ?? 'hostNetwork: false'}
      containers: [{ name: web, image: "web:1", ${container} }]
      volumes: [${volume}]
`;
const ofRule = (rule: Rule, ...documents: string[]) => findingsIn(documents.join('\n---\n'), [rule]).map(({ field }) => field);

describe('claims', () => {
  const claim = (modes: string, more = '') => `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: disk }
spec: { accessModes: [${modes}], ${more} }`;
  const mounts = 'volumeMounts: [{ name: data, mountPath: /data }]';
  const user = 'securityContext: { runAsUser: 1000 },';
  const volume = '{ name: data, persistentVolumeClaim: { claimName: disk } }';

  describe('claim-without-group', () => {
    const once = claim('ReadWriteOnce');

    test.each(['Deployment', 'DaemonSet', 'StatefulSet'])('warns of a user who cannot write to a new volume, in a %s', (kind) => {
      const [finding] = findingsIn(`${once}\n---\n${app(kind, user + mounts, volume)}`, [claimWithoutGroup]);
      expect(finding.field).toBe('spec.template.spec.containers[0].volumeMounts[0].name');
      expect(finding.fact).toBe('"data" of claim "disk" belongs to root when it is new; container "web" runs as user 1000 without fsGroup');
    });

    test('reads the user of the pod, and ephemeral claims', () => {
      const ephemeral = '{ name: data, ephemeral: { volumeClaimTemplate: { spec: { accessModes: [ReadWriteOnce] } } } }';
      expect(ofRule(claimWithoutGroup, app('Deployment', mounts, ephemeral, { pod: user.slice(0, -1) }))).toHaveLength(1);
    });

    test.each([
      ['an fsGroup', app('Deployment', user + mounts, volume, { pod: 'securityContext: { fsGroup: 1000 }' }), once],
      ['supplementalGroups', app('Deployment', user + mounts, volume, { pod: 'securityContext: { supplementalGroups: [5] }' }), once],
      ['root', app('Deployment', `securityContext: { runAsUser: 0 }, ${mounts}`, volume), once],
      ['a user that nobody knows', app('Deployment', mounts, volume), once],
      ['an init container that may be root', app('Deployment', user + mounts, volume, { pod: `initContainers: [{ name: chown, image: "a:1", ${mounts} }]` }), once],
      ['a container that only reads', app('Deployment', `${user} volumeMounts: [{ name: data, mountPath: /data, readOnly: true }]`, volume), once],
      ['a volume of many nodes', app('Deployment', user + mounts, volume), claim('ReadWriteOnce, ReadWriteMany')],
      ['a block device', app('Deployment', user + mounts, volume), claim('ReadWriteOnce', 'volumeMode: Block')],
      ['a claim that is elsewhere', app('Deployment', user + mounts, volume), claim('ReadWriteOnce').replace('disk', 'other')],
      ['Windows', app('Deployment', user + mounts, volume, { pod: 'os: { name: windows }' }), once],
    ])('says nothing of %s', (_, ...documents) => {
      expect(ofRule(claimWithoutGroup, ...documents)).toEqual([]);
    });
  });

  describe('rolling-update-with-claim', () => {
    const update = (strategy: string, replicas = 1) => app('Deployment', mounts, volume, { spec: `replicas: ${replicas}\n  ${strategy}` });
    const rolling = (given: string) => `strategy: { type: RollingUpdate, rollingUpdate: { ${given} } }`;

    test.each([
      ['the default strategy', update('selector: {}')],
      ['one that keeps the old pod', update(rolling('maxUnavailable: 0'))],
      ['one that rounds down to it', update(rolling('maxUnavailable: 99%'))],
      ['several replicas, which one node must hold', update(rolling('maxUnavailable: 1'), 3)],
    ])('warns of a claim for one node with %s', (_, deployment) => {
      expect(ofRule(rollingUpdateWithClaim, deployment, claim('ReadWriteOnce'))).toEqual(['spec.strategy.type']);
    });

    test.each([
      ['Recreate', update('strategy: { type: Recreate }'), claim('ReadWriteOnce')],
      ['a strategy that takes the only pod away', update(rolling('maxUnavailable: 1')), claim('ReadWriteOncePod')],
      ['no pod more than wanted', update(rolling('maxSurge: 0')), claim('ReadWriteOnce')],
      ['a claim of many nodes', update('selector: {}'), claim('ReadWriteMany')],
      ['a claim that is elsewhere', update('selector: {}'), 'kind: ConfigMap'],
      ['a claim of each pod', app('Deployment', mounts, '{ name: data, ephemeral: { volumeClaimTemplate: { spec: { accessModes: [ReadWriteOnce] } } } }'), claim('ReadWriteOnce')],
      ['a StatefulSet, which takes pods away first', app('StatefulSet', mounts, volume), claim('ReadWriteOnce')],
    ])('says nothing of %s', (_, ...documents) => {
      expect(ofRule(rollingUpdateWithClaim, ...documents)).toEqual([]);
    });
  });
});

describe('sub-path-of-config', () => {
  const file = 'volumeMounts: [{ name: config, mountPath: /etc/web.conf, subPath: web.conf }]';
  const config = (name = 'web') => `{ name: config, configMap: { name: ${name} } }`;

  test('warns of a file that is never updated', () => {
    const [finding] = findingsIn(app('Deployment', file, config()), [subPathOfConfig]);
    expect(finding.field).toBe('spec.template.spec.containers[0].volumeMounts[0].subPath');
    expect(finding.fact).toBe('"web.conf" of ConfigMap "web" is never updated in a running pod, and nothing rolls the pods');
  });

  test('looks at Secrets, and does not take the hash of a path for one of content', () => {
    expect(ofRule(subPathOfConfig, app('DaemonSet', file, '{ name: config, secret: { secretName: web } }'))).toHaveLength(1);
    expect(ofRule(subPathOfConfig, app('Deployment', file, config('shop-config-c8f63b4d')))).toHaveLength(1);
  });

  test.each([
    ['a checksum on the pods', app('Deployment', file, config(), { annotations: 'checksum/config: a1' })],
    ['an operator that watches it', app('Deployment', file, config(), { above: 'reloader.stakater.com/auto: "true"' })],
    ['a name of Kustomize', app('Deployment', file, config('web-9mt8g2c7dh'))],
    ['a hash in the name', app('Deployment', file, config('web-9c2f6ab31d'))],
    ['an immutable object', app('Deployment', file, config()), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\nimmutable: true'],
    ['the whole directory', app('Deployment', 'volumeMounts: [{ name: config, mountPath: /etc/web }]', config())],
    ['another volume', app('Deployment', file, '{ name: config, emptyDir: {} }')],
    ['a Job', app('Job', file, config())],
  ])('says nothing of %s', (_, ...documents) => {
    expect(ofRule(subPathOfConfig, ...documents)).toEqual([]);
  });
});

describe('several-volume-writers', () => {
  const mount = (path: string, more = '') => `volumeMounts: [{ name: data, mountPath: ${path}${more} }]`;
  const pair = (one: string, two: string, init = '') => dir('{ sizeLimit: 1Mi }', `${init} containers: [{ name: a, ${one} }, { name: b, ${two} }]`);

  test('warns of the second container that can write, once for each volume', () => {
    expect(judge(severalVolumeWriters, pair(mount('/a'), mount('/b', ', readOnly: false')))).toEqual([
      { field: 'spec.containers[1].volumeMounts[0].readOnly', fact: '"false" lets "b" write to volume "data", which "a" writes too' },
    ]);
    const three = dir('{}', `containers: [{ name: a, ${mount('/a')} }, { name: b, ${mount('/b')} }, { name: c, ${mount('/c')} }]`);
    expect(fields(severalVolumeWriters, three)).toEqual(['spec.containers[1].volumeMounts[0].readOnly']);
  });

  test.each([
    ['a collector of logs before the app', 'image: "fluent/fluent-bit:4"', 'image: "web:1"', 'a'],
    ['an app before what writes its secrets', 'image: "web:1"', 'image: "hashicorp/vault:1.19"', 'a'],
    ['an app before a collector of logs', 'image: "web:1"', 'image: "fluent/fluent-bit:4"', 'b'],
  ])('names the one that only reads: %s', (_, one, two, reader) => {
    expect(facts(severalVolumeWriters, pair(`${one}, ${mount('/a')}`, `${two}, ${mount('/b')}`))).toEqual([expect.stringMatching(`^"false" lets "${reader}" write`)]);
  });

  test('counts native sidecars, and not init containers', () => {
    const object = (more: string) => pair(mount('/a'), mount('/b', ', readOnly: true'), `initContainers: [{ name: i, ${more} ${mount('/i')} }],`);
    expect(fields(severalVolumeWriters, object('restartPolicy: Always,'))).toEqual(['spec.containers[0].volumeMounts[0].readOnly']);
    expect(fields(severalVolumeWriters, object(''))).toEqual([]);
  });

  test.each([
    ['the same part', ', subPath: x', ', subPath: ./x/'],
    ['a part of the part', ', subPath: x', ', subPath: x/y'],
    ['a part of the whole', '', ', subPath: x'],
  ])('warns of %s', (_, one, two) => {
    expect(fields(severalVolumeWriters, pair(mount('/a', one), mount('/b', two)))).toHaveLength(1);
  });

  test.each([
    ['one writer and one reader', mount('/a'), mount('/b', ', readOnly: true')],
    ['a part for each', mount('/a', ', subPath: x'), mount('/b', ', subPath: xy')],
    ['parts that a variable names', mount('/a', ', subPathExpr: $(A)'), mount('/b', ', subPathExpr: $(A)')],
    ['sockets', mount('/var/run/postgresql'), mount('/var/run/postgresql')],
    ['the sockets of storage drivers', mount('/csi'), mount('/csi')],
    ['shared memory', mount('/dev/shm'), mount('/dev/shm')],
    ['two mounts of one container', 'volumeMounts: [{ name: data, mountPath: /a }, { name: data, mountPath: /b }]', 'args: []'],
  ])('accepts %s', (_, one, two) => {
    expect(fields(severalVolumeWriters, pair(one, two))).toEqual([]);
  });

  test('accepts a volume that is named for sockets, and the rotator', () => {
    const object = pair(mount('/a'), mount('/b'));
    object.spec.containers[1].name = 'log-rotator';
    expect(fields(severalVolumeWriters, object)).toEqual([]);
    expect(fields(severalVolumeWriters, JSON.parse(JSON.stringify(pair(mount('/a'), mount('/b'))).replace(/"data"/g, '"plugin-socket"')))).toEqual([]);
  });

  test('does not apply to one container, nor without an emptyDir', () => {
    expect(fields(severalVolumeWriters, dir('{}'))).toBeUndefined();
    expect(fields(severalVolumeWriters, pod('containers: [{ name: a }, { name: b }]'))).toBeUndefined();
  });
});

describe('an emptyDir with nothing below its key', () => {
  const object = pod(`
    volumes: [{ name: cache, emptyDir: }, { name: config, emptyDir: , configMap: { name: web } }]
    containers: [{ name: web, volumeMounts: [{ name: cache, mountPath: /cache }] }]`);

  test('is one without a bound, as the API server sees it', () => {
    expect(fields(emptyDirSizeLimit, object)).toEqual(['spec.volumes[0].emptyDir.sizeLimit']);
  });
});

describe('unrotated-log-directory', () => {
  const sharing = (path: string, { reader = 'image: "shop/shipper:1.0"', volume = '{ sizeLimit: 64Mi }', restartPolicy = 'Always', annotations = {} } = {}) => pod(`
    restartPolicy: ${restartPolicy}
    volumes: [{ name: logs, emptyDir: ${volume} }]
    containers:
      - { name: web, image: "shop/web:1.0", volumeMounts: [{ name: logs, mountPath: ${path} }] }
      - { name: reader, ${reader}, volumeMounts: [{ name: logs, mountPath: /in, readOnly: true }] }`, annotations);

  test.each(['/var/log/web', '/logs', '/srv/web-logs', '/opt/web/log/'])('warns of %s, and says what happens when it is full', (path) => {
    expect(judge(unrotatedLogDirectory, sharing(path))).toEqual([{ field: 'spec.volumes[0].emptyDir', fact: '"logs" has log files that nothing rotates: at 64Mi the pod is evicted' }]);
    expect(facts(unrotatedLogDirectory, sharing(path, { volume: '{}' }))).toEqual(['"logs" has log files that nothing rotates: they grow until the disk of the node is full']);
  });

  test.each(['/srv/pages', '/var/catalog', '/login'])('does not take %s for logs', (path) => {
    expect(fields(unrotatedLogDirectory, sharing(path))).toBeUndefined();
  });

  test('is content with a container that rotates, and with an app that does it', () => {
    expect(fields(unrotatedLogDirectory, sharing('/logs', { reader: 'image: "shop/logrotate:1.0"' }))).toEqual([]);
    expect(fields(unrotatedLogDirectory, sharing('/logs', { reader: 'image: "shop/tools:1.0", command: [sh, -c, "while sleep 60; do logrotate /etc/logs; done"]' }))).toEqual([]);
    expect(fields(unrotatedLogDirectory, sharing('/logs', { annotations: { 'pod-patterns/rotated-by-app': 'data, logs' } }))).toEqual([]);
    expect(fields(unrotatedLogDirectory, sharing('/logs', { annotations: { 'pod-patterns/rotated-by-app': 'data' } }))).toHaveLength(1);
  });

  test.each([
    ['Airflow does', 'image: "apache/airflow:2.9.3", args: [bash, /clean-logs]'],
    ['find does', 'image: "busybox:1.37", command: [sh, -c, "while sleep 60; do find /in -name \'*.log.*\' -mmin +60 -delete; done"]'],
    ['find and rm do', 'image: "busybox:1.37", command: [sh, -c, "while sleep 60; do find /in -mtime +1 -exec rm {} +; done"]'],
    ['xargs and rm do', 'image: "busybox:1.37", command: [sh, -c, "while sleep 60; do find /in -mtime +1 -print0 | xargs -0 rm -f; done"]'],
    ['truncate does', 'image: "debian:12", command: [sh, -c, "while sleep 60; do truncate -s 0 /in/web.log; done"]'],
  ])('is content with a container that deletes old files, as %s', (_, reader) => {
    expect(fields(unrotatedLogDirectory, sharing('/logs', { reader }))).toEqual([]);
  });

  test('is content with a container that is called a groomer of logs', () => {
    const object = sharing('/logs');
    object.spec.containers[1].name = 'scheduler-log-groomer';
    expect(fields(unrotatedLogDirectory, object)).toEqual([]);
  });

  test.each(['find /in -name a.log', 'findings --delete', 'tail -F /in/a.log | grep truncated'])('is not content with %s', (script) => {
    expect(fields(unrotatedLogDirectory, sharing('/logs', { reader: `image: "busybox:1.37", command: [sh, -c, "${script}"]` }))).toHaveLength(1);
  });

  test.each(['datadog/agent:7', 'gcr.io/datadoghq/agent:7', 'registry.datadoghq.com/agent:7.80.0'])('leaves %s alone, which bounds its own log', (image) => {
    const agents = pod(`{ volumes: [{ name: logs, emptyDir: {} }], containers: [${['agent', 'trace-agent'].map((name) => `{ name: ${name}, image: "${image}", volumeMounts: [{ name: logs, mountPath: /var/log/datadog }] }`).join(', ')}] }`);
    expect(fields(unrotatedLogDirectory, agents)).toBeUndefined();
    agents.spec.containers[0].image = 'shop/agent:1.0';
    expect(fields(unrotatedLogDirectory, agents)).toHaveLength(1);
  });

  test('leaves pods that end, volumes in memory and volumes of one container alone', () => {
    expect(fields(unrotatedLogDirectory, sharing('/logs', { restartPolicy: 'Never' }))).toEqual([]);
    expect(fields(unrotatedLogDirectory, sharing('/logs', { volume: '{ medium: Memory, sizeLimit: 1Mi }' }))).toBeUndefined();
    const alone = sharing('/logs');
    alone.spec.containers.pop();
    expect(fields(unrotatedLogDirectory, alone)).toBeUndefined();
  });
});

describe('files-for-root-only', () => {
  const KEY = '{ name: key, secret: { secretName: web, defaultMode: 256 } }';
  const reader = (context: string, volume = KEY, ofPod = '{}') =>
    pod(`{ securityContext: ${ofPod}, volumes: [${volume}], containers: [{ name: web, securityContext: ${context}, volumeMounts: [{ name: key, mountPath: /key }] }] }`);

  test.each([
    ['{ runAsUser: 1000 }', '"256" (0400) lets root read, and container "web" runs as user 1000 without fsGroup'],
    ['{ runAsNonRoot: true }', '"256" (0400) lets root read, and container "web" runs as a user other than root without fsGroup'],
  ])('refuses the mode 0400 for a container with %s', (context, fact) => {
    expect(judge(filesForRootOnly, reader(context))).toEqual([{ field: 'spec.volumes[0].secret.defaultMode', fact }]);
  });

  test('looks at the mode of each file, and at the group where that may read', () => {
    const item = '{ name: key, configMap: { name: web, items: [{ key: a, path: a, mode: 288 }] } }';
    expect(fields(filesForRootOnly, reader('{ runAsUser: 7, runAsGroup: 7 }', item))).toEqual(['spec.volumes[0].configMap.items[0].mode']);
    expect(fields(filesForRootOnly, reader('{ runAsUser: 7 }', item))).toEqual([]);
    expect(fields(filesForRootOnly, reader('{ runAsUser: 7, runAsGroup: 0 }', item))).toEqual([]);
  });

  test.each([
    ['an fsGroup', '{ runAsUser: 7 }', KEY, '{ fsGroup: 7 }'],
    ['groups of its own', '{ runAsUser: 7 }', KEY, '{ supplementalGroups: [0] }'],
    ['root', '{ runAsUser: 0 }', KEY, '{ runAsUser: 7 }'],
    ['a user that nobody knows', '{}', KEY, '{}'],
    ['files that all may read', '{ runAsUser: 7 }', '{ name: key, secret: { secretName: web, defaultMode: 292 } }', '{}'],
    ['a projected volume', '{ runAsUser: 7 }', '{ name: key, projected: { defaultMode: 256, sources: [{ secret: { name: a, items: [{ key: a, path: a, mode: 256 }] } }] } }', '{}'],
    ['a volume that it does not mount', '{ runAsUser: 7 }', '{ name: other, secret: { secretName: web, defaultMode: 256 } }', '{}'],
  ])('leaves a pod with %s', (_, context, volume, ofPod) => {
    expect(fields(filesForRootOnly, reader(context, volume, ofPod))).toEqual([]);
  });
});

describe('missing-config-file', () => {
  const config = (more: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { 'a.conf': '' }, binaryData: { b: '' }, ...more });
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, data: { user: '' }, stringData: { password: '' } };
  const podWith = (source: string, subPath: string) =>
    pod(`{ containers: [{ name: web, volumeMounts: [{ name: w, mountPath: /w, subPath: x }, { name: v, mountPath: /c, subPath: "${subPath}" }] }], volumes: [{ name: w, emptyDir: {} }, { name: v, ${source} }] }`);

  test.each([
    ['configMap: { name: web }', 'a_conf', 'a_conf" is no file of ConfigMap "web"; did you mean "a.conf"?'],
    ['configMap: { name: web }', 'a.conf/more', 'a.conf/more" is no file of ConfigMap "web"'],
    ['configMap: { name: web, items: [{ key: a.conf, path: etc/web.conf }] }', 'a.conf', 'a.conf" is no file of ConfigMap "web"; did you mean "etc/web.conf"?'],
    ['secret: { secretName: web }', 'pass', 'pass" is no file of Secret "web"'],
  ])('reports that %s has no file %s', (source, subPath, fact) => {
    expect(judgeAmong(missingConfigFile, podWith(source, subPath), [config(), secret]))
      .toEqual([{ field: 'spec.containers[0].volumeMounts[1].subPath', fact: `"${fact}` }]);
  });

  test.each([
    ['configMap: { name: web }', 'a.conf'],
    ['configMap: { name: web }', './a.conf'],
    ['configMap: { name: web, items: [] }', 'b'],
    ['configMap: { name: web, items: [{ key: a.conf, path: etc/web.conf }] }', 'etc'],
    ['configMap: { name: web, items: [{ key: a.conf, path: etc//web.conf }] }', 'etc/web.conf'],
    ['secret: { secretName: web }', 'password'],
  ])('finds in %s the file %s', (source, subPath) => {
    expect(judgeAmong(missingConfigFile, podWith(source, subPath), [config(), secret])).toEqual([]);
  });

  test.each([
    ['configMap: { name: web, optional: true }', 'c'],
    ['projected: { sources: [{ configMap: { name: web } }] }', 'c'],
    ['configMap: { name: api }', 'c'],
    ['configMap: { name: web }', '.'],
    ['configMap: { name: web }', ''],
    ['configMap: { name: web }', '../c'],
    ['configMap: { name: web }', '/c'],
    ['emptyDir: {}', 'c'],
  ])('does not apply to %s and the path "%s"', (source, subPath) => {
    expect(judgeAmong(missingConfigFile, podWith(source, subPath), [config(), secret])).toBeUndefined();
  });

  test('does not apply to a ConfigMap that somebody else fills', () => {
    expect(judgeAmong(missingConfigFile, podWith('configMap: { name: web }', 'c'), [config({ data: {}, binaryData: {} })])).toBeUndefined();
  });
});
