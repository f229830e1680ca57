import { readFileSync } from 'fs';
import { Agent, RequestListener, ServerResponse } from 'http';
import { TLSSocket } from 'tls';
import { Duration } from 'cdk8s';
import { ask, certificateFor, cleanUp, dial, dnsServer, freePort, httpServer, httpsServer, POD_IP, startHaproxy, tcpServer, until } from './haproxy-support';
import { Upstream } from '../../../src/parts/ambassadors/haproxy/upstream';
import { HttpUpstreamOptions } from '../../../src/parts/ambassadors/haproxy/upstream-options';
import { itWith } from '../../support/programs';

const it = itWith('haproxy');
const itTls = it === test ? itWith('openssl') : it;
const HEALTH_CHECK = { interval: Duration.millis(100), rise: 1, fall: 2 };

afterEach(cleanUp);

function orders(port: number, options: HttpUpstreamOptions = {}, host = '127.0.0.1'): Upstream {
  return Upstream.http('orders', host, port, { healthCheck: HEALTH_CHECK, ...options });
}

const ok: RequestListener = (_, response) => response.end('ok');

/** Fails every other request, the first included, and counts them. */
function failingEveryOther(fail: RequestListener): { handler: RequestListener; seen: () => number } {
  let seen = 0;
  return { handler: (req, response) => seen++ % 2 === 0 ? fail(req, response) : ok(req, response), seen: () => seen };
}

const failures: [string, RequestListener][] = [
  ['answers 503', (_, response) => response.writeHead(503).end()],
  ['resets the connection after the request', (req) => req.socket.resetAndDestroy()],
  ['closes the connection without an answer', (req) => req.socket.destroy()],
];

describe('an HTTP upstream that fails', () => {
  for (const [how, fail] of failures) {
    it(`is hidden from GET requests when it ${how} every other time`, async () => {
      const { handler, seen } = failingEveryOther(fail);
      const upstream = await httpServer(handler);
      const { ports } = await startHaproxy([orders(upstream.port)]);
      const statuses: number[] = [];
      for (let i = 0; i < 6; i++) {
        statuses.push((await ask(`http://127.0.0.1:${ports[0]}/`)).status);
      }
      expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
      expect(seen()).toBe(12);
    });

    it(`never gets a POST twice when it ${how}`, async () => {
      let seen = 0;
      const upstream = await httpServer((req, response) => { seen++; fail(req, response); });
      const { ports } = await startHaproxy([orders(upstream.port)]);
      for (let i = 0; i < 4; i++) {
        const { status } = await ask(`http://127.0.0.1:${ports[0]}/`, { method: 'POST', body: 'one book' });
        expect(status).toBeGreaterThanOrEqual(500);
      }
      expect(seen).toBe(4);
    });

    it(`never gets a POST twice on a connection that has served before, when it then ${how}`, async () => {
      let seen = 0;
      const connections = new Set<unknown>();
      const upstream = await httpServer((req, response) => {
        connections.add(req.socket);
        return seen++ % 2 === 0 ? ok(req, response) : fail(req, response);
      });
      const { ports } = await startHaproxy([orders(upstream.port)]);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let i = 0; i < 6; i++) {
        await ask(`http://127.0.0.1:${ports[0]}/`, { method: 'POST', body: 'one book', agent });
      }
      agent.destroy();
      expect(seen).toBe(6);
      expect(connections.size).toBeLessThanOrEqual(3);
    });
  }

  it('gets a POST again where the user says that it may', async () => {
    const { handler, seen } = failingEveryOther((_, response) => response.writeHead(503).end());
    const upstream = await httpServer(handler);
    const { ports } = await startHaproxy([orders(upstream.port, { retryUnsafeMethods: true })]);
    expect((await ask(`http://127.0.0.1:${ports[0]}/`, { method: 'POST', body: 'one book' })).status).toBe(200);
    expect(seen()).toBe(2);
  });
});

describe('an upstream that stops', () => {
  it('is answered for with a quick 503, and works again when it is back', async () => {
    const upstream = await httpServer(ok);
    const { ports, health, log } = await startHaproxy([orders(upstream.port)]);
    const get = () => ask(`http://127.0.0.1:${ports[0]}/`);
    expect((await get()).status).toBe(200);

    await upstream.stop();
    await until('the upstream is known to be down', () => log().includes('orders/upstream is DOWN'));
    await until('HAProxy answers 503 at once', async () => {
      const start = Date.now();
      return (await get()).status === 503 && Date.now() - start < 500;
    });
    expect((await health()).status).toBe(200);

    await httpServer(ok, upstream.port);
    await until('the upstream is back', async () => (await get()).status === 200);
  });

  it('closes TCP connections at once', async () => {
    const { ports, log } = await startHaproxy([Upstream.tcp('db', '127.0.0.1', await freePort(), { healthCheck: HEALTH_CHECK })]);
    await until('the upstream is known to be down', () => log().includes('db/upstream is DOWN'));
    const socket = await dial(ports[0]);
    await until('the connection is closed', () => socket!.closed || socket!.resume().readableEnded, 2);
  });
});

describe('the name of an upstream', () => {
  const host = 'orders.shop.svc.cluster.local';

  it('is followed when its address changes', async () => {
    const first = await httpServer((_, response) => response.end('first'), 0, '127.0.0.1');
    await httpServer((_, response) => response.end('second'), first.port, '127.0.0.3');
    const records = new Map([[host, '127.0.0.1']]);
    const { address } = await dnsServer(records);
    const { ports } = await startHaproxy([orders(first.port, {}, host)], { nameservers: [address], refreshSeconds: 1 });
    const get = async () => (await ask(`http://127.0.0.1:${ports[0]}/`)).body;
    await until('the first address answers', async () => await get() === 'first');
    records.set(host, '127.0.0.3');
    await until('the second address answers', async () => await get() === 'second', 15);
  });

  it('may be absent when HAProxy starts, and appear later', async () => {
    const upstream = await httpServer(ok);
    const records = new Map<string, string>();
    const { address, asked } = await dnsServer(records);
    const { ports, health } = await startHaproxy([orders(upstream.port, {}, host)], { nameservers: [address], refreshSeconds: 1 });
    const get = async () => (await ask(`http://127.0.0.1:${ports[0]}/`)).status;
    await until('the name was asked for', () => asked.has(host));
    expect([await get(), (await health()).status]).toEqual([503, 200]);
    records.set(host, '127.0.0.1');
    await until('the upstream answers', async () => await get() === 200, 15);
  });

  it('does not keep HAProxy from starting where no name server answers', async () => {
    const { ports, health } = await startHaproxy([orders(80, {}, host)], { nameservers: [`127.0.0.1:${await freePort()}`] });
    expect((await ask(`http://127.0.0.1:${ports[0]}/`)).status).toBe(503);
    expect((await health()).status).toBe(200);
  });
});

describe('a soft stop', () => {
  it('lets a request in flight finish, refuses new ones and ends', async () => {
    let arrived: ServerResponse | undefined;
    const upstream = await httpServer((_, response) => { arrived = response; });
    const { child, ports, ended } = await startHaproxy([orders(upstream.port)]);
    const inFlight = ask(`http://127.0.0.1:${ports[0]}/`);
    await until('the request has arrived', () => arrived !== undefined);
    child.kill('SIGUSR1');
    await until('new connections are refused', async () => {
      const socket = await dial(ports[0]);
      // One that came in before the listener closed would hold the stop up until the hard one.
      socket?.destroy();
      return socket === undefined;
    });
    arrived!.end('late');
    expect(await inFlight).toEqual({ status: 200, body: 'late' });
    await ended;
    expect(child.exitCode).toBe(0);
  });

  it('ends within the drain although a connection stays open', async () => {
    const upstream = await tcpServer((socket) => socket.write('hello'));
    const { child, ports, ended } = await startHaproxy([Upstream.tcp('db', '127.0.0.1', upstream.port)], { drainSeconds: 1 });
    const socket = await dial(ports[0]);
    await until('the connection is through', () => socket!.bytesRead > 0);
    const start = Date.now();
    child.kill('SIGUSR1');
    await ended;
    expect(Date.now() - start).toBeLessThan(4000);
  });
});

describe('the network', () => {
  it('reaches the health listener on the address of the pod, but no upstream', async () => {
    const upstream = await httpServer(ok);
    const { ports, health } = await startHaproxy([orders(upstream.port)]);
    expect((await health()).status).toBe(200);
    expect(await dial(ports[0], POD_IP)).toBeUndefined();
  });

  it('gets nothing from the health listener but its health', async () => {
    const { health, log } = await startHaproxy([orders(await freePort())]);
    expect((await health('/')).status).toBe(404);
    expect((await health('/metrics')).status).toBe(404);
    expect(log()).not.toMatch(/_health/);
  });

  it('gets an answer to a probe while the app uses every connection', async () => {
    const upstream = await tcpServer((socket) => socket.write('hello'));
    const { ports, health } = await startHaproxy([Upstream.tcp('db', '127.0.0.1', upstream.port)], { maxConnections: 4 });
    // No more than four: further ones wait in the kernel, and their clients with them.
    const sockets = await Promise.all([1, 2, 3, 4].map(() => dial(ports[0])));
    await until('all connections are through', () => sockets.every((socket) => socket!.bytesRead > 0));
    expect((await health()).status).toBe(200);
  });
});

describe('TLS to an upstream', () => {
  itTls('goes on only with the right name, signed by a trusted authority', async () => {
    const { certificate, key } = certificateFor('orders.test');
    const names: unknown[] = [];
    const upstream = await httpsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (req, response) => {
      names.push((req.socket as TLSSocket & { servername: string }).servername);
      response.end('ok');
    });
    const { ports } = await startHaproxy([
      Upstream.http('trusted', '127.0.0.1', upstream.port, { tls: { serverName: 'orders.test', caFile: certificate } }),
      Upstream.http('wrong-name', '127.0.0.1', upstream.port, { retries: 0, tls: { serverName: 'other.test', caFile: certificate } }),
      Upstream.http('untrusted', '127.0.0.1', upstream.port, { retries: 0, tls: { serverName: 'orders.test' } }),
    ]);
    const statuses = await Promise.all(ports.map(async (port) => (await ask(`http://127.0.0.1:${port}/`)).status));
    expect(statuses).toEqual([200, 503, 503]);
    expect(names).toEqual(['orders.test']);
  });
});

it('sends the upstream its own name, unless the app\'s is wanted', async () => {
  const upstream = await httpServer((req, response) => response.end(req.headers.host));
  const kept = Upstream.http('kept', '127.0.0.1', upstream.port, { preserveHost: true });
  const { ports } = await startHaproxy([orders(upstream.port), kept]);
  expect((await ask(`http://127.0.0.1:${ports[0]}/`)).body).toBe(`127.0.0.1:${upstream.port}`);
  expect((await ask(`http://127.0.0.1:${ports[1]}/`)).body).toBe(`127.0.0.1:${ports[1]}`);
});

it('logs failed requests and the state of upstreams, but not what went well', async () => {
  const upstream = await httpServer(ok);
  const { ports, log } = await startHaproxy([orders(upstream.port)]);
  expect((await ask(`http://127.0.0.1:${ports[0]}/fine`)).status).toBe(200);
  await upstream.stop();
  await until('the state is logged', () => log().includes('orders/upstream is DOWN'));
  await ask(`http://127.0.0.1:${ports[0]}/lost`);
  await until('the failure is logged', () => log().includes('/lost'));
  expect(log()).not.toContain('/fine');
});
