// A hub and agents as real processes, set up as an operator would; people with accounts, and their telephones.
import { spawn, execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const source = join(dirname(fileURLToPath(import.meta.url)), '../..');
const bin = process.env.SCHAKEL_BIN ?? join(source, 'build/release/bin');
const profiles = join(source, 'agents/profiles');
const patience = 120_000; // A busy machine is slow, and says nothing about the programs.
export const password = 'vier gewone woorden na elkaar';

export async function until(what, act) {
  const end = Date.now() + patience;
  let last;
  while (Date.now() < end) {
    try {
      const found = await act();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((done) => setTimeout(done, 60));
  }
  throw new Error(`${what} did not happen within ${patience / 1000} s${last ? `: ${last.message}` : ''}`);
}
export const freePort = () =>
  new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

// A code of an authenticator app (RFC 6238), `ahead` steps of 30 s from now.
export function codeOf(secret, ahead = 0) {
  const bits = [...secret.replace(/=+$/, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

class Agent {
  constructor(region, id, name, plain) {
    Object.assign(this, { region, id, name, plain, folder: join(region.folder, id) });
    this.socket = join(this.folder, 'agent.sock');
  }
  get url() {
    return `${this.plain ? 'http' : 'https'}://localhost:${this.port}`;
  }
  // As the user of the socket, in a role.
  async ask(method, path, body, { person = 'systeem', role = 'coordinator', wait = 20 } = {}) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = { 'Schakel-Person': encodeURIComponent(person), 'Schakel-Role': role, Host: 'schakel' };
    if (method === 'POST') Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), Prefer: `wait=${wait}` });
    const answer = await new Promise((done, failed) => {
      const sent = request({ socketPath: this.socket, method, path, headers }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => done({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
      });
      sent.on('error', failed);
      sent.end(text);
    });
    const json = answer.text ? JSON.parse(answer.text) : {};
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 400)}`);
    return json;
  }
  get(path, as) {
    return this.ask('GET', path, undefined, as);
  }
  post(path, body, as) {
    return this.ask('POST', path, body, as);
  }
  async invite(login, name, roles) {
    return (await this.post('/v1/people', { login, name, roles }, { role: 'administrator' })).link;
  }
  // Invites, and sets the account up as the page would: over the network. Yields what the page asks for at the sign-in, and
  // the session that began there.
  async person(login, name, roles) {
    const link = await this.invite(login, name, roles);
    const invitation = link.slice(link.lastIndexOf('/') + 1);
    const headers = { 'Content-Type': 'application/json' };
    const post = async (path, body) => {
      const response = await this.region.fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      if (response.status >= 300) throw new Error(`${path}: ${response.text}`);
      return { json: JSON.parse(response.text), cookie: response.headers['set-cookie']?.[0] };
    };
    const setup = (await post('/v1/setup/look', { invitation })).json;
    const { json, cookie } = await post('/v1/setup', { invitation, password, code: codeOf(setup.totp_secret) });
    // Its first code went into setting up.
    return { login, name, secret: setup.totp_secret, recovery: json.recovery_codes, used: true, agent: this, session: cookie.split(';')[0].slice(cookie.indexOf('=') + 1) };
  }
  async start() {
    const child = this.region.start(this.id, ['schakel-agent', 'run', '--config', join(this.folder, 'agent.toml')]);
    await until(`the start of ${this.id}`, () => child.exitCode !== null || (existsSync(this.socket) && this.get('/v1/status')));
    if (child.exitCode !== null) throw new Error(`${this.id} ended at its start:\n${this.region.logOf(this.id)}`);
    await until(`the connection of ${this.id}`, async () => (await this.get('/v1/status')).connected);
  }
  stop() {
    return this.region.stopOne(this.id);
  }
}

export class Region {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'schakel-web-'));
    this.processes = new Map();
    this.agents = new Map();
    mkdirSync(join(this.folder, 'logs'));
    // Also when the test is stopped from outside: nothing stays behind.
    process.once('exit', () => {
      for (const child of this.processes.values()) child.kill('SIGKILL');
      rmSync(this.folder, { recursive: true, force: true });
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  }
  program(name) {
    return join(bin, name);
  }
  // Over TLS with a certificate of our own making.
  async fetch(url, { method = 'GET', headers = {}, body } = {}) {
    const { request: ask } = await import('node:https');
    return new Promise((done, failed) => {
      const sent = ask(url, { method, headers, rejectUnauthorized: false }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => done({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
      });
      sent.on('error', failed);
      sent.end(body);
    });
  }
  // As a client that names any host it likes.
  knock(url, host) {
    return new Promise((done, failed) => {
      const sent = request(url, { headers: { Host: host } }, (response) => {
        response.resume();
        done({ status: response.statusCode, headers: response.headers });
      });
      sent.on('error', failed);
      sent.end();
    });
  }
  start(name, [program, ...words]) {
    return this.spawn(name, this.program(program), words);
  }
  spawn(name, path, words) {
    const log = createWriteStream(join(this.folder, 'logs', `${name}.log`), { flags: 'a' });
    const child = spawn(path, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.processes.set(name, child);
    return child;
  }
  logOf(name) {
    return readFileSync(join(this.folder, 'logs', `${name}.log`), 'utf8').slice(-2000);
  }
  async stopOne(name) {
    const child = this.processes.get(name);
    this.processes.delete(name);
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 30_000);
    await ended;
    clearTimeout(force);
  }
  async do(program, ...words) {
    try {
      return (await run(this.program(program), words, { timeout: patience })).stdout;
    } catch (error) {
      throw new Error(`${program} ${words.join(' ')}: ${error.stderr ?? error.message}`);
    }
  }
  hub(...words) {
    return this.do('schakel-hub', `--config=${join(this.folder, 'hub/hub.toml')}`, ...words);
  }
  async startHub() {
    this.start('hub', ['schakel-hub', `--config=${join(this.folder, 'hub/hub.toml')}`, 'run']);
    await until("the hub's start", async () => (await fetch(`http://127.0.0.1:${this.monitor}/readyz`)).ok);
  }

  // { id, name, sector, plain: without TLS, raw: what is added to agent.toml }
  static async of(organisations) {
    const region = new Region();
    try {
      await region.setUp(organisations);
    } catch (error) {
      const logs = [...region.processes.keys()].map((name) => region.logOf(name));
      await region.end();
      throw new Error(`${error.message}\n${logs.join('\n')}`);
    }
    return region;
  }
  async setUp(organisations) {
    const at = (name) => join(this.folder, name);
    const key = at('registrar.key');
    const registrar = (await this.do('schakel', 'registrar', 'keygen', '--output', key)).trim();
    const port = await freePort();
    await this.do('schakel-hub', 'init', '--directory', at('hub'), '--origin', 'schakel.example/test', '--listen', `tcp://127.0.0.1:${port}`, '--threshold', '1', '--registrar', registrar);
    this.monitor = await freePort();
    writeFileSync(at('hub/hub.toml'), readFileSync(at('hub/hub.toml'), 'utf8').replace('127.0.0.1:9464', `127.0.0.1:${this.monitor}`));
    await this.startHub();
    const apply = async (name, ...words) => {
      await this.hub(...words, '--output', at(`${name}.bin`));
      await this.do('schakel', 'registrar', 'sign', '--key', key, at(`${name}.bin`), '--output', at(`${name}.signed`));
      await this.hub('apply', at(`${name}.signed`));
    };
    await apply('ceilings', 'ceilings', '--profiles', profiles);
    for (const { id, name, sector, plain = false, raw = '' } of organisations) {
      const agent = new Agent(this, id, name, plain);
      this.agents.set(id, agent);
      await this.hub('token', '--org', id, '--sector', sector, '--name', name, '--output', at(`${id}.invitation`));
      await this.do('schakel-agent', 'init', '--data', agent.folder, '--profiles', profiles);
      const enrolling = this.do('schakel-agent', 'enrol', '--config', join(agent.folder, 'agent.toml'), '--invitation', at(`${id}.invitation`), '--wait');
      await until(`the request of ${id}`, async () => new RegExp(`^${id}\\t.*([0-9a-f]{4} ){7}`, 'm').test(await this.hub('enrolments')));
      await apply(id, 'request', '--org', id);
      await enrolling;
      agent.port = await freePort();
      let door = 'plain = true';
      if (!plain) {
        await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(agent.folder, 'edge.key'), '-out', join(agent.folder, 'edge.crt'), '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']);
        door = 'certificate = "edge.crt"\nkey = "edge.key"';
      }
      const before = readFileSync(join(agent.folder, 'agent.toml'), 'utf8');
      writeFileSync(join(agent.folder, 'agent.toml'), `${before}[edge]\nlisten = "127.0.0.1:${agent.port}"\n${door}\npublic_url = "${agent.url}"\n${raw}`);
      await agent.start();
    }
    for (const agent of this.agents.values()) {
      await until(`the directory at ${agent.id}`, async () => (await agent.get('/v1/organisations')).organisations.length === organisations.length);
    }
  }
  agent(id) {
    return this.agents.get(id);
  }
  async end() {
    for (const name of [...this.processes.keys()].reverse()) await this.stopOne(name);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
