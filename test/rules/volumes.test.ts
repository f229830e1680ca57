import { brokenRules, facts, fields, judge, pod, workload } from './judge';
import { absoluteMountPath } from '../../src/rules/volumes/absolute-mount-path';
import { mountBelowReadOnly } from '../../src/rules/volumes/mount-below-read-only';
import { mountPathCollision } from '../../src/rules/volumes/mount-path-collision';
import { mountedVolumeExists } from '../../src/rules/volumes/mounted-volume-exists';
import { relativeSubPath } from '../../src/rules/volumes/relative-sub-path';
import { uniqueVolumeNames } from '../../src/rules/volumes/unique-volume-names';
import { volumeFileModes } from '../../src/rules/volumes/volume-file-modes';

const VOLUMES = `
  - { name: data, emptyDir: {} }
  - { name: more, emptyDir: {} }
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

describe('absolute-mount-path', () => {
  test.each([
    ['""', '"" is no path, and one is required'],
    ['null', '"" is no path, and one is required'],
    ['5', '"5" is not a string'],
    ['/', '"/" is the root directory of the container'],
    ['//', '"//" is the root directory of the container'],
    ['/data/..', '"/data/.." is the root directory of the container'],
    ['"/a:b"', '"/a:b" has a ":"'],
    ['var/data', '"var/data" is not absolute; did you mean "/var/data"?'],
  ])('refuses %s', (path, fact) => {
    expect(judge(absoluteMountPath, withVolumes(`[{ name: data, mountPath: ${path} }]`))).toEqual([{ field: place(0), fact }]);
  });

  test.each(['/data', '/data/', "'C:\\data'", '"c:/data"', "'\\\\server\\share'"])('accepts %s', (path) => {
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

  test('looks at the innermost mount only', () => {
    const mounts = '[{ name: data, mountPath: /a, readOnly: true }, { name: claim, mountPath: /a/b }, { name: more, mountPath: /a/b/c }]';
    expect(fields(mountBelowReadOnly, withVolumes(mounts))).toEqual([place(1)]);
  });

  test('does not apply where no container has two mounts', () => {
    expect(fields(mountBelowReadOnly, withVolumes('[{ name: config, mountPath: /etc }]'))).toBeUndefined();
  });
});

test('each wrong mount breaks one rule only', () => {
  expect(brokenRules(withVolumes('[{ name: data, mountPath: "" }, { name: more, mountPath: "" }]'))).toEqual(['absolute-mount-path', 'absolute-mount-path']);
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
