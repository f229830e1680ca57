import { ChildProcess, execFileSync, spawn } from 'child_process';
import { createSocket } from 'dgram';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { Agent, createServer, request, RequestListener } from 'http';
import { createServer as createTlsServer, ServerOptions } from 'https';
import { AddressInfo, connect, createServer as createTcpServer, Server, Socket } from 'net';
import { networkInterfaces, tmpdir } from 'os';
import { join } from 'path';
import { HaproxyModel, renderHaproxyConfig } from '../../../src/parts/ambassadors/haproxy/config';
import { Upstream } from '../../../src/parts/ambassadors/haproxy/upstream';

/** An address that others could reach: of the network if there is one, else a second one of loopback. */
export const POD_IP = Object.values(networkInterfaces()).flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address ?? '127.0.0.2';

const cleanups: (() => unknown)[] = [];

/** Ends everything that a test started. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
}

/** Waits until a condition holds. */
export async function until(what: string, condition: () => Promise<boolean> | boolean, seconds = 10): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await condition()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One request; status 0 where there was no answer. */
export function ask(url: string, options: { method?: string; body?: string; agent?: Agent; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve) => {
    const none = () => resolve({ status: 0, body: '' });
    const sent = request(url, { method: options.method ?? 'GET', agent: options.agent ?? false, headers: options.headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => body += chunk);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', none);
    });
    sent.on('error', none);
    sent.end(options.body);
  });
}

/** Opens a connection; undefined where nobody listens. */
export function dial(port: number, host = '127.0.0.1'): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host }, () => resolve(socket));
    socket.on('error', () => resolve(undefined));
    cleanups.push(() => socket.destroy());
  });
}

/** A folder that HAProxy can read, until the test ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  return folder;
}

/** A certificate that is its own authority. */
export function certificateFor(name: string): { readonly certificate: string; readonly key: string } {
  const folder = temporaryFolder();
  const [certificate, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
    '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-out', certificate, '-keyout', key], { stdio: 'ignore' });
  return { certificate, key };
}

/** A real server on loopback, which can be stopped, open connections included. */
export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function httpServer(handler: RequestListener, port = 0, host = '127.0.0.1'): Promise<RunningServer> {
  return listening(createServer(handler), port, host);
}

export async function httpsServer(identity: ServerOptions, handler: RequestListener): Promise<RunningServer> {
  return listening(createTlsServer(identity, handler), 0, '127.0.0.1');
}

export async function tcpServer(handler: (socket: Socket) => void): Promise<RunningServer> {
  return listening(createTcpServer((socket) => handler(socket.on('error', () => undefined))), 0, '127.0.0.1');
}

async function listening(server: Server, port: number, host: string): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const stop = () => new Promise<void>((resolve) => {
    server.close(() => resolve());
    sockets.forEach((socket) => socket.destroy());
  });
  cleanups.push(() => server.listening && stop());
  return { port: (server.address() as AddressInfo).port, stop };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const { port, stop } = await httpServer(() => undefined, 0, '0.0.0.0');
  await stop();
  return port;
}

/** A DNS server that knows IPv4 addresses only; names without one do not exist. */
export async function dnsServer(records: Map<string, string>): Promise<{ readonly address: string; readonly asked: Set<string> }> {
  const socket = createSocket('udp4');
  const asked = new Set<string>();
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (; query[at] > 0; at += query[at] + 1) {
      labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    }
    asked.add(labels.join('.'));
    const address = records.get(labels.join('.').toLowerCase());
    const answered = address && query.readUInt16BE(at + 1) === 1;
    const header = Buffer.from([query[0], query[1], 0x81, address ? 0x80 : 0x83, 0, 1, 0, answered ? 1 : 0, 0, 0, 0, 0]);
    const answer = answered ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)] : [];
    socket.send(Buffer.concat([header, query.subarray(12, at + 5), Buffer.from(answer)]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  cleanups.push(() => socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, asked };
}

/** HAProxy itself, with a generated configuration. */
export interface RunningHaproxy {
  readonly child: ChildProcess;
  /** Local port of each upstream, in their order. */
  readonly ports: number[];
  readonly healthPort: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  health(path?: string): Promise<Answer>;
  log(): string;
}

/** Starts HAProxy as a user without rights, as in the pod, and waits until its health listener answers. */
export async function startHaproxy(upstreams: Upstream[], overrides: Partial<HaproxyModel> = {}): Promise<RunningHaproxy> {
  const file = join(temporaryFolder(), 'haproxy.cfg');
  const healthPort = await freePort();
  const locals = await Promise.all(upstreams.map(async (upstream) => ({ upstream, localPort: await freePort() })));
  writeFileSync(file, renderHaproxyConfig({ upstreams: locals, healthPort, maxConnections: 100, threads: 1, drainSeconds: 5, ...overrides }));
  const nobody = process.getuid?.() === 0 ? { uid: 99, gid: 99 } : {};
  // HAPROXY: another version than the installed one.
  const child = spawn(process.env.HAPROXY ?? 'haproxy', ['-db', '-f', file],
    { ...nobody, cwd: '/', env: { PATH: process.env.PATH, POD_IP }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stdout.on('data', (chunk) => log += chunk);
  child.stderr.on('data', (chunk) => log += chunk);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  cleanups.push(() => {
    child.kill('SIGKILL');
    return ended;
  });
  const health = (url = '/healthz') => ask(`http://${POD_IP}:${healthPort}${url}`);
  await until('the health listener answers', async () => {
    if (child.exitCode !== null) {
      throw new Error(`haproxy ended: ${log}`);
    }
    return (await health()).status === 200;
  });
  return { child, ports: locals.map(({ localPort }) => localPort), healthPort, ended, health, log: () => log };
}
