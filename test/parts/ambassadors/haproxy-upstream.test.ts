import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { allocatePorts, chooseHealthPort, FIRST_PORT, HEALTH_PORT } from '../../../src/parts/ambassadors/haproxy/ports';
import { Upstream } from '../../../src/parts/ambassadors/haproxy/upstream';
import { RetryOn } from '../../../src/parts/ambassadors/haproxy/upstream-options';

const HOST = 'orders.shop.svc.cluster.local';
const tcp = (name: string, localPort?: number) => Upstream.tcp(name, HOST, 5432, { localPort });

describe('the environment of the app', () => {
  test('is named after the upstream and points to loopback', () => {
    expect(Upstream.http('orders-api', HOST, 80)._environment(16001)).toEqual([
      { name: 'ORDERS_API_HOST', value: '127.0.0.1' },
      { name: 'ORDERS_API_PORT', value: '16001' },
      { name: 'ORDERS_API_URL', value: 'http://127.0.0.1:16001' },
    ]);
    expect(tcp('db')._environment(16001)[2].value).toBe('tcp://127.0.0.1:16001');
  });

  test('takes other names and another scheme', () => {
    const upstream = Upstream.tcp('db', HOST, 5432, { hostVariable: 'PGHOST', portVariable: 'PGPORT', urlVariable: 'DATABASE_URL', urlScheme: 'postgres' });
    expect(upstream._environment(16001)).toEqual([
      { name: 'PGHOST', value: '127.0.0.1' },
      { name: 'PGPORT', value: '16001' },
      { name: 'DATABASE_URL', value: 'postgres://127.0.0.1:16001' },
    ]);
  });
});

describe('the host of an upstream', () => {
  test.each([HOST, 'db.example.com', '10.0.0.1', 'fd00::1', '127.0.0.1', 'a_b.example.com'])('may be %s', (host) => {
    expect(Upstream.tcp('db', host, 5432).host).toBe(host);
  });

  test('loses a final dot, which says that the name is complete', () => {
    expect(Upstream.tcp('db', 'example.com.', 5432).host).toBe('example.com');
  });

  test.each([
    ['orders', '"orders.<namespace>.svc.cluster.local"'],
    ['orders.', '"orders.<namespace>.svc.cluster.local"'],
    ['localhost', 'IP address'],
    ['orders.shop', '"orders.shop.svc.cluster.local"'],
    ['orders.shop', '"orders.shop." with a final dot'],
    ['orders.shop.svc', '"orders.shop.svc.cluster.local"'],
  ])('fails for the short name %s and says what to write: %s', (host, fix) => {
    expect(() => Upstream.tcp('db', host, 5432)).toThrow(/is not a full DNS name\n {2}why: .*search domains.*\n {2}fix: /);
    expect(() => Upstream.tcp('db', host, 5432)).toThrow(fix);
  });

  test.each(['', 'a b.example.com', 'db.example.com\n    log stdout', 'db.example.com:5432', 'http://db.example.com', 'db..example.com', '"x".y.z', 'x.y.z#', '${HOME}.y.z', 'fe80::1%eth0', '-a.b.c', '1.2.3.4.5', '256.1.1.1'])(
    'fails for %j', (host) => {
      expect(() => Upstream.tcp('db', host, 5432)).toThrow(/^Upstream "db": host: /);
    });

  test('never brings a character that could end a word of the configuration', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.domain(), fc.string().map((text) => `db.example.com${text}`)), (host) => {
      let accepted: string;
      try {
        accepted = Upstream.tcp('db', host, 5432).host;
      } catch {
        return;
      }
      expect(accepted).toMatch(/^[A-Za-z0-9._:-]+$/);
    }));
  });
});

describe('an upstream', () => {
  test.each<[string, string, () => Upstream]>([
    ['a name with capitals', 'name', () => Upstream.tcp('Orders', HOST, 1)],
    ['a name that cannot begin a variable', 'name', () => Upstream.tcp('3scale', HOST, 1)],
    ['a name with a line break', 'name', () => Upstream.tcp('orders\n', HOST, 1)],
    ['port 0', 'port', () => Upstream.tcp('db', HOST, 0)],
    ['port 65536', 'port', () => Upstream.tcp('db', HOST, 65536)],
    ['a broken port', 'port', () => Upstream.tcp('db', HOST, 1.5)],
    ['a local port of root', 'localPort', () => Upstream.tcp('db', HOST, 1, { localPort: 1023 })],
    ['no time to connect', 'connectTimeout', () => Upstream.tcp('db', HOST, 1, { connectTimeout: Duration.millis(0) })],
    ['a part of a millisecond', 'queueTimeout', () => Upstream.tcp('db', HOST, 1, { queueTimeout: Duration.millis(1.5) })],
    ['more than HAProxy can count', 'idleTimeout', () => Upstream.tcp('db', HOST, 1, { idleTimeout: Duration.days(25) })],
    ['no time to answer', 'responseTimeout', () => Upstream.http('db', HOST, 1, { responseTimeout: Duration.millis(0) })],
    ['no time to ask', 'requestTimeout', () => Upstream.http('db', HOST, 1, { requestTimeout: Duration.millis(0) })],
    ['no connections', 'maxConnections', () => Upstream.tcp('db', HOST, 1, { maxConnections: 0 })],
    ['negative retries', 'retries', () => Upstream.tcp('db', HOST, 1, { retries: -1 })],
    ['a failure that is none', 'retryOn', () => Upstream.http('db', HOST, 1, { retryOn: ['200' as RetryOn] })],
    ['a check without pause', 'healthCheck.interval', () => Upstream.tcp('db', HOST, 1, { healthCheck: { interval: Duration.millis(0) } })],
    ['a check that never succeeds', 'healthCheck.rise', () => Upstream.tcp('db', HOST, 1, { healthCheck: { rise: 0 } })],
    ['a check that never fails', 'healthCheck.fall', () => Upstream.tcp('db', HOST, 1, { healthCheck: { fall: 0 } })],
    ['a path without slash', 'healthCheck.path', () => Upstream.http('db', HOST, 1, { healthCheck: { path: 'healthz' } })],
    ['a path with a directive', 'healthCheck.path', () => Upstream.http('db', HOST, 1, { healthCheck: { path: '/ hdr x y' } })],
    ['a variable with a dash', 'hostVariable', () => Upstream.tcp('db', HOST, 1, { hostVariable: 'DB-HOST' })],
    ['a scheme with slashes', 'urlScheme', () => Upstream.tcp('db', HOST, 1, { urlScheme: 'postgres://' })],
    ['TLS to a mere number', 'tls.serverName', () => Upstream.tcp('db', '10.0.0.1', 1, { tls: {} })],
    ['TLS to a strange name', 'tls.serverName', () => Upstream.tcp('db', HOST, 1, { tls: { serverName: 'a)' } })],
    ['a relative file', 'tls.caFile', () => Upstream.tcp('db', HOST, 1, { tls: { caFile: 'ca.crt' } })],
  ])('fails for %s, and names the option: %s', (_, option, create) => {
    expect(create).toThrow(new RegExp(`^Upstream "[^]*": ${option}: "[^]*" is [^]+\\n  why: .+\\n  fix: .+`));
  });
});

describe('local ports', () => {
  const taken = new Set([FIRST_PORT, FIRST_PORT + 2]);

  test('are the first free ones, in the order of the upstreams', () => {
    expect(allocatePorts([tcp('a'), tcp('b')], taken).map(({ localPort }) => localPort)).toEqual([FIRST_PORT + 1, FIRST_PORT + 3]);
  });

  test('leave those that were asked for alone, wherever these stand', () => {
    expect(allocatePorts([tcp('a'), tcp('b', FIRST_PORT + 1), tcp('c', 5432)], taken).map(({ localPort }) => localPort))
      .toEqual([FIRST_PORT + 3, FIRST_PORT + 1, 5432]);
  });

  test('never clash', () => {
    const port = fc.integer({ min: 16000, max: 16010 });
    fc.assert(fc.property(fc.uniqueArray(port), fc.uniqueArray(fc.tuple(port, fc.boolean()), { selector: ([value]) => value }), (others, wishes) => {
      const upstreams = wishes.map(([value, asked], index) => tcp(`u${index}`, asked && !others.includes(value) ? value : undefined));
      const ports = allocatePorts(upstreams, new Set(others)).map(({ localPort }) => localPort);
      expect(new Set([...ports, ...others]).size).toBe(ports.length + others.length);
    }));
  });

  test('fails for a port that another container has', () => {
    expect(() => allocatePorts([tcp('a', FIRST_PORT)], taken)).toThrow(`Upstream "a": localPort: "${FIRST_PORT}" is already the port of another container of the pod`);
  });

  test('fails for a port that two upstreams ask for, and offers a free one', () => {
    expect(() => allocatePorts([tcp('a', 5432), tcp('b', 5432)], taken)).toThrow(/"5432" is already the port of upstream "a"[^]*such as 16002/);
  });

  test('fails where none is left', () => {
    expect(() => allocatePorts([tcp('a'), tcp('b')], new Set(), 65535)).toThrow(/no port from "65535" to 65535 is free/);
  });

  test('fails for two upstreams of one name, or with one variable', () => {
    expect(() => allocatePorts([tcp('a'), tcp('a')], taken)).toThrow(/name: "a" is already used by upstream "a"/);
    expect(() => allocatePorts([tcp('a'), Upstream.tcp('b', HOST, 1, { urlVariable: 'A_URL' })], taken)).toThrow(/urlVariable: "A_URL" is already used by upstream "a"/);
  });
});

describe('the health port', () => {
  test('is 8404, or the next one that is free', () => {
    expect(chooseHealthPort(new Set())).toBe(HEALTH_PORT);
    expect(chooseHealthPort(new Set([HEALTH_PORT]))).toBe(HEALTH_PORT + 1);
  });

  test('is the one that was asked for', () => {
    expect(chooseHealthPort(new Set([HEALTH_PORT]), 9000)).toBe(9000);
  });

  test('fails where it is taken or not a port for HAProxy', () => {
    expect(() => chooseHealthPort(new Set([9000]), 9000)).toThrow(/healthPort: "9000" is already the port of another listener/);
    expect(() => chooseHealthPort(new Set(), 80)).toThrow(/healthPort: "80" is not a port from 1024/);
  });
});
