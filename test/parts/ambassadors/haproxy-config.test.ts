import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Duration } from 'cdk8s';
import { HaproxyModel, renderHaproxyConfig } from '../../../src/parts/ambassadors/haproxy/config';
import { allocatePorts } from '../../../src/parts/ambassadors/haproxy/ports';
import { Upstream } from '../../../src/parts/ambassadors/haproxy/upstream';
import { RetryOn } from '../../../src/parts/ambassadors/haproxy/upstream-options';
import { itWith } from '../../support/programs';

const HOST = 'orders.shop.svc.cluster.local';

function render(upstreams: Upstream[], overrides: Partial<HaproxyModel> = {}): string {
  return renderHaproxyConfig({ upstreams: allocatePorts(upstreams, new Set()), healthPort: 8404, maxConnections: 1000, threads: 2, drainSeconds: 7, ...overrides });
}

/** The directives of one section, without comments. */
function section(title: string, config: string): string[] {
  const lines = config.split('\n');
  const start = lines.indexOf(title);
  const rest = lines.slice(start + 1);
  return start < 0 ? [] : rest.slice(0, rest.findIndex((line) => line === '')).map((line) => line.trim()).filter((line) => !line.startsWith('#'));
}

const server = (upstream: Upstream) => section(`listen ${upstream.name}`, render([upstream])).find((line) => line.startsWith('server '));

describe('HAProxy as a whole', () => {
  test('is bounded in connections, threads and the time of a stop', () => {
    expect(section('global', render([Upstream.tcp('db', HOST, 5432)]))).toEqual(expect.arrayContaining(['maxconn 1032', 'nbthread 2', 'hard-stop-after 7s']));
  });

  test('shares its connections equally, so that no upstream starves another', () => {
    const config = render([Upstream.tcp('a', HOST, 1), Upstream.tcp('b', HOST, 2), Upstream.tcp('c', HOST, 3)]);
    expect(config.match(/maxconn 333\n/g)).toHaveLength(3);
    expect(section('global', config)).toContain('maxconn 1031');
  });

  test('fails for fewer connections than upstreams', () => {
    expect(() => render([Upstream.tcp('a', HOST, 1), Upstream.tcp('b', HOST, 2)], { maxConnections: 1 })).toThrow(/maxConnections: "1" is less than one for each of 2 upstreams/);
  });

  test.each([0, 1.5])('fails for a drain of %d seconds, which HAProxy would not keep', (drainSeconds) => {
    expect(() => render([Upstream.tcp('a', HOST, 1)], { drainSeconds })).toThrow(/^HAProxy: drain: .* is not a whole number of seconds from 1\n/);
  });

  test('needs no user, no socket and no directory', () => {
    expect(render([Upstream.http('orders', HOST, 80)])).not.toMatch(/^ *(user|group|chroot|pidfile|stats|daemon|server-state)\b/m);
  });

  test('is configured by equal bytes for equal models', () => {
    const make = () => render([Upstream.http('orders', HOST, 80), Upstream.tcp('db', HOST, 5432)]);
    expect(make()).toBe(make());
  });
});

describe('listeners', () => {
  test('for the app are on loopback, the one for probes on the address of the pod', () => {
    const binds = render([Upstream.tcp('a', HOST, 1), Upstream.tcp('b', HOST, 2, { localPort: 5432 })]).match(/bind .*/g);
    expect(binds).toEqual(['bind "${POD_IP}:8404"', 'bind 127.0.0.1:16001', 'bind 127.0.0.1:5432']);
  });
});

describe('names', () => {
  test('are asked for again and again, of the name servers of the pod, and may be absent', () => {
    const config = render([Upstream.tcp('db', HOST, 5432)]);
    expect(section('resolvers pod', config)).toEqual(expect.arrayContaining(['parse-resolv-conf', 'accepted_payload_size 8192', 'timeout resolve 5s']));
    expect(server(Upstream.tcp('db', HOST, 5432))).toContain('resolvers pod resolve-prefer ipv4 init-addr none');
  });

  test('keep their last address while the name servers fail', () => {
    expect(section('resolvers pod', render([Upstream.tcp('db', HOST, 5432)]))).toEqual(expect.arrayContaining(['hold timeout 1h', 'hold refused 1h', 'hold other 1h', 'hold nx 30s']));
  });

  test('are not asked for where all upstreams are addresses', () => {
    expect(render([Upstream.tcp('four', '10.0.0.1', 5432), Upstream.tcp('six', 'fd00::1', 5432)])).not.toContain('resolvers');
  });

  test('of IPv6 stand in brackets', () => {
    expect(server(Upstream.tcp('six', 'fd00::1', 5432))).toMatch(/^server upstream \[fd00::1\]:5432 /);
  });
});

describe('an HTTP upstream', () => {
  const lines = (upstream: Upstream) => section(`listen ${upstream.name}`, render([upstream]));

  test('gets GET and HEAD again after failures, other methods never', () => {
    expect(lines(Upstream.http('orders', HOST, 80))).toEqual(expect.arrayContaining([
      'retries 2', 'retry-on conn-failure empty-response 502 503', 'http-request disable-l7-retry unless { method GET HEAD }',
    ]));
  });

  test('gets other methods again where the user asks for it', () => {
    expect(lines(Upstream.http('orders', HOST, 80, { retryUnsafeMethods: true })).join()).not.toContain('disable-l7-retry');
  });

  test('gets again what the user lists, and nothing for an empty list', () => {
    expect(lines(Upstream.http('orders', HOST, 80, { retryOn: [RetryOn.STATUS_504, RetryOn.STATUS_504] }))).toContain('retry-on 504');
    expect(lines(Upstream.http('orders', HOST, 80, { retryOn: [] }))).toContain('retry-on none');
  });

  test('is called by its own name, with its port unless that is the usual one', () => {
    expect(lines(Upstream.http('orders', HOST, 80))).toContain(`http-request set-header Host ${HOST}`);
    expect(lines(Upstream.http('orders', HOST, 8080))).toContain(`http-request set-header Host ${HOST}:8080`);
    expect(lines(Upstream.http('orders', HOST, 443, { tls: {} }))).toContain(`http-request set-header Host ${HOST}`);
    expect(lines(Upstream.http('orders', HOST, 80, { preserveHost: true })).join()).not.toContain('set-header');
  });

  test('is checked by a request where a path is given', () => {
    expect(lines(Upstream.http('orders', HOST, 80, { healthCheck: { path: '/ready' } }))).toEqual(expect.arrayContaining([
      'option httpchk', `http-check send meth GET uri /ready ver HTTP/1.1 hdr Host ${HOST}`, 'http-check expect status 200-399',
    ]));
  });
});

describe('an upstream', () => {
  test('is checked, unless the check is switched off', () => {
    expect(server(Upstream.tcp('db', HOST, 1))).toContain('check inter 2s rise 2 fall 3');
    expect(server(Upstream.tcp('db', HOST, 1, { healthCheck: { interval: Duration.millis(1500), rise: 1, fall: 9 } }))).toContain('check inter 1500ms rise 1 fall 9');
    expect(server(Upstream.tcp('db', HOST, 1, { healthCheck: { enabled: false } }))).not.toContain('check');
  });

  test('has its timeouts in the largest unit that is exact', () => {
    const upstream = Upstream.tcp('db', HOST, 1, { connectTimeout: Duration.millis(1500), queueTimeout: Duration.minutes(2), idleTimeout: Duration.hours(3) });
    expect(section('listen db', render([upstream]))).toEqual(expect.arrayContaining(['timeout connect 1500ms', 'timeout queue 2m', 'timeout client 3h', 'timeout server 3h']));
  });

  test('with TLS is verified against its name, by the image\'s authorities or the given ones', () => {
    expect(server(Upstream.tcp('db', HOST, 1, { tls: {} }))).toContain(`ssl verify required ca-file @system-ca sni str(${HOST}) verifyhost ${HOST} check-sni ${HOST}`);
    expect(server(Upstream.tcp('db', '10.0.0.1', 1, { tls: { serverName: 'db.corp', caFile: '/ca/ca.crt' } }))).toContain('ca-file /ca/ca.crt sni str(db.corp) verifyhost db.corp');
  });
});

itWith('haproxy')('HAProxy accepts every kind of upstream without a warning', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  // A name server that can be dialled on every machine: HAProxy warns of those that cannot.
  writeFileSync(file, render([
    Upstream.http('plain', HOST, 80),
    Upstream.http('all', HOST, 8080, {
      retryOn: Object.values(RetryOn), healthCheck: { path: '/a/b?c=1&d=%20;e,f:@~!*+' }, maxConnections: 5, preserveHost: true, tls: { serverName: 'db.corp' },
    }),
    Upstream.http('none', HOST, 8080, { retryOn: [], retries: 0, healthCheck: { enabled: false }, retryUnsafeMethods: true }),
    Upstream.tcp('db', 'db.example.com', 5432, { tls: {} }),
    Upstream.tcp('four', '10.0.0.1', 5432),
    Upstream.tcp('six', 'fd00::1', 5432, { maxConnections: 5 }),
  ], { nameservers: ['127.0.0.1:53'] }));
  const { status, stderr } = spawnSync(process.env.HAPROXY ?? 'haproxy', ['-c', '-dW', '-f', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringMatching(/WARNING|ALERT/) });
});
