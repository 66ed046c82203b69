// Starts and stops the shop under test: the release binary, on a free port, against a database of its own.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { MailServer } from './mailbox.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
/** What is tested; SHOP_TARGET names a copy, for a tree that is being built in meanwhile. */
const TARGET = process.env.SHOP_TARGET ?? path.join(ROOT, 'target');
const BINARY = path.join(TARGET, 'release/shopfront');
const READY_WITHIN_MS = 30_000;
const GONE_WITHIN_MS = 30_000;

function postgres(...args: string[]): string {
  return execFileSync(path.join(ROOT, 'scripts/postgres'), ['--test', ...args], { encoding: 'utf8' }).trim();
}

/** The server that test databases are made on; TEST_DATABASE_URL may name another than our throw-away one. */
function serverUrl(): string {
  if (process.env.TEST_DATABASE_URL) return process.env.TEST_DATABASE_URL;
  postgres('start', '--for', String(process.pid));
  return postgres('url');
}

function databaseUrl(server: string, name: string): string {
  return server.replace(/(:\/\/[^/]*\/)[^?]*/, `$1${name}`);
}

let client: string | undefined;

/** By the client itself: looking for it takes longer than most statements do, and tests have thousands. */
function psql(url: string, statement: string): string {
  client ??= path.join(postgres('bin'), 'psql');
  return execFileSync(client, ['-XAt', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', statement], { encoding: 'utf8' }).trim();
}

/** Rows of a query against the database of the shop under test. */
export function sql<Row>(query: string): Row[] {
  const url = process.env.SHOP_DATABASE_URL;
  if (!url) throw new Error('no shop is running: SHOP_DATABASE_URL is unset');
  return JSON.parse(psql(url, `select coalesce(json_agg(t), '[]') from (${query}) t`)) as Row[];
}

/** Changes the database of the shop under test behind its back, for what would take a test too long to wait for. */
export function execute(statement: string): void {
  const url = process.env.SHOP_DATABASE_URL;
  if (!url) throw new Error('no shop is running: SHOP_DATABASE_URL is unset');
  psql(url, statement);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

export class Shop {
  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    readonly logFile: string,
    readonly mail: MailServer,
    private readonly server: string,
    private readonly folder: string,
    private readonly start: () => ChildProcess,
    private process: ChildProcess = start(),
  ) {}

  /** The first shop of a run is filled by the shop itself; each further one begins with a copy of that. */
  static async open(): Promise<Shop> {
    if (!fs.existsSync(BINARY)) throw new Error(`${BINARY} is missing: run scripts/build`);
    const server = serverUrl();
    const name = `shopfront_end2end_${process.pid}`;
    const seed = process.env.SHOP_SEED_DATABASE;
    const admin = databaseUrl(server, 'postgres');
    psql(admin, `create database ${name}${seed ? ` template ${seed}` : ''}`);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shopfront-end2end-'));
    const media = path.join(folder, 'media');
    if (seed) fs.cpSync(process.env.SHOP_SEED_MEDIA!, media, { recursive: true });
    const logFile = path.join(folder, 'server.log');
    const mail = await MailServer.open(path.join(folder, 'mail'));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      DATABASE_URL: databaseUrl(server, name),
      SHOPFRONT_ADDR: `127.0.0.1:${port}`,
      SHOPFRONT_SITE_ROOT: path.join(TARGET, 'site'),
      SHOPFRONT_MEDIA_DIR: media,
      // Tests say which client they are.
      SHOPFRONT_TRUSTED_PROXIES: '127.0.0.1',
      SHOPFRONT_SMTP_URL: mail.url,
      SHOPFRONT_MAIL_FROM: 'Fieldstone <shop@fieldstone.example>',
      SHOPFRONT_SECRET_FILE: path.join(folder, 'secret'),
      SHOPFRONT_LOG_FORMAT: 'json',
      // Many shops share one machine.
      SHOPFRONT_PICTURE_WAIT_SECONDS: '30',
      RUST_BACKTRACE: '1',
    };
    const log = fs.openSync(logFile, 'a');
    const run = { cwd: ROOT, env, stdio: ['ignore', log, log] as ['ignore', number, number] };
    if (!seed) {
      try {
        execFileSync(BINARY, ['migrate'], run);
        execFileSync(BINARY, ['seed-demo'], run);
      } catch (error) {
        throw new Error(`the shop could not be prepared: ${error}\n${fs.readFileSync(logFile, 'utf8')}`);
      }
      process.env.SHOP_SEED_DATABASE = `${name}_seed`;
      process.env.SHOP_SEED_MEDIA = path.join(folder, 'seed');
      psql(admin, `create database ${process.env.SHOP_SEED_DATABASE} template ${name}`);
      fs.cpSync(media, process.env.SHOP_SEED_MEDIA, { recursive: true });
    }
    const start = () => spawn(BINARY, ['serve'], run);
    const shop = new Shop(url, env.DATABASE_URL, logFile, mail, server, folder, start);
    await shop.ready();
    return shop;
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      if (this.process.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the shop did not open:\n${this.log()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The process dies in the middle of whatever it does. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await gone;
  }

  /** Comes back after [`kill`], on the same port. */
  async restart(): Promise<void> {
    this.process = this.start();
    await this.ready();
  }

  log(): string {
    return fs.readFileSync(this.logFile, 'utf8');
  }

  /** Closes the shop and takes its database away. Returns what it logged that it should not have. */
  async close(): Promise<string[]> {
    const gone = new Promise<number | null>((resolve) => this.process.once('exit', resolve));
    const problems: string[] = [];
    if (this.process.exitCode === null) {
      this.process.kill('SIGTERM');
      const deadline = setTimeout(() => this.process.kill('SIGKILL'), GONE_WITHIN_MS);
      const status = await gone;
      clearTimeout(deadline);
      if (status !== 0) problems.push(`after SIGTERM the shop left with ${status ?? 'a signal'}`);
    } else {
      problems.push(`the shop had left by itself, with ${this.process.exitCode}`);
    }
    await this.mail.close();
    problems.push(
      ...this.log()
        .split('\n')
        .filter((line) => /panicked at|"level":"ERROR"|\bERROR\b/.test(line)),
    );
    const name = path.basename(new URL(this.databaseUrl).pathname);
    psql(databaseUrl(this.server, 'postgres'), `drop database ${name}`);
    const seed = process.env.SHOP_SEED_DATABASE;
    if (seed === `${name}_seed`) psql(databaseUrl(this.server, 'postgres'), `drop database ${seed}`);
    if (!process.env.TEST_DATABASE_URL) postgres('release', '--for', String(process.pid));
    fs.rmSync(this.folder, { recursive: true, force: true });
    return problems;
  }
}
