// A real mail server for the shop under test, and what it received. It runs beside the shop, in the process of
// global-setup.ts; workers read the letters from the folder SHOP_MAIL_DIR, and take the server away and bring it back
// through a file in it.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export type Mail = {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  /** Raw, by their names in lower case. */
  headers: Record<string, string>;
  /** When it arrived, in Unix milliseconds. */
  at: number;
};

const ARRIVES_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;
/** While this file is there, the mail server is not. */
const DOWN = 'down';
/** As `DOWN` was obeyed. */
const IS_DOWN = 'is-down';

function folder(): string {
  const folder = process.env.SHOP_MAIL_DIR;
  if (!folder) throw new Error('no mail server is running: SHOP_MAIL_DIR is unset');
  return folder;
}

/** Asks until there is an answer, or throws. */
async function until<T>(ask: () => T | undefined, otherwise: () => string): Promise<T> {
  const deadline = Date.now() + ARRIVES_WITHIN_MS;
  for (;;) {
    const answer = ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(otherwise());
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** All that has come for an address, the oldest first. */
export function allMail(address: string): Mail[] {
  return fs
    .readdirSync(folder())
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(fs.readFileSync(path.join(folder(), name), 'utf8')) as Mail)
    .filter((mail) => mail.to.toLowerCase() === address.toLowerCase());
}

/** The newest letter to an address; with `since`, one that came at that time (`Date.now()`) or later. Waits for it. */
export function mailFor(address: string, since = 0): Promise<Mail> {
  return until(
    () => allMail(address).filter((mail) => mail.at >= since).at(-1),
    () => `no mail for ${address} came within ${ARRIVES_WITHIN_MS} ms`,
  );
}

/** The one-time code of a letter, without its space. */
export function codeIn(mail: Mail): string {
  const found = /^\s+(\d{3}) (\d{3})\s*$/m.exec(mail.text);
  if (!found) throw new Error(`no code in:\n${mail.text}`);
  return found[1]! + found[2]!;
}

/** The path of the link of a letter into the shop. */
export function linkIn(mail: Mail): string {
  const found = /^(https?:\/\/\S+\/\S+)$/m.exec(mail.text);
  if (!found) throw new Error(`no link in:\n${mail.text}`);
  const url = new URL(found[1]!);
  return url.pathname + url.search;
}

/** Takes the mail server away: nobody listens on its port once this resolves. Tests that do so run alone. */
export async function stopMailServer(): Promise<void> {
  fs.writeFileSync(path.join(folder(), DOWN), '');
  await until(
    () => fs.existsSync(path.join(folder(), IS_DOWN)) || undefined,
    () => 'the mail server did not stop',
  );
}

/** Brings it back, on the same port. */
export async function startMailServer(): Promise<void> {
  fs.rmSync(path.join(folder(), DOWN), { force: true });
  await until(
    () => !fs.existsSync(path.join(folder(), IS_DOWN)) || undefined,
    () => 'the mail server did not start',
  );
}

/** The mail server itself, for global-setup.ts. */
export class MailServer {
  private server: SMTPServer | undefined;
  private readonly watching: NodeJS.Timeout;
  private count = 0;
  private changing = false;

  private constructor(
    readonly folder: string,
    private port: number,
  ) {
    // Polled rather than watched: fs.watch misses files on some file systems.
    this.watching = setInterval(() => void this.obey(), LOOK_EVERY_MS).unref();
  }

  static async open(folder: string): Promise<MailServer> {
    fs.mkdirSync(folder, { recursive: true });
    const server = new MailServer(folder, 0);
    await server.listen();
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  private listen(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      logger: false,
      onData: (stream, session, callback) => {
        simpleParser(stream, { skipTextToHtml: true, skipHtmlToText: true, skipTextLinks: true })
          .then((parsed) => {
            for (const { address } of session.envelope.rcptTo) {
              this.keep({
                to: address,
                from: parsed.from?.text ?? '',
                subject: parsed.subject ?? '',
                text: parsed.text ?? '',
                html: parsed.html || '',
                headers: Object.fromEntries(
                  parsed.headerLines.map(({ key, line }) => [key, line.slice(key.length + 1).replace(/\r?\n\s+/g, ' ').trim()]),
                ),
                at: Date.now(),
              });
            }
            callback();
          })
          .catch(callback);
      },
    });
    // Clients that leave in the middle are no failure of a test.
    server.on('error', () => {});
    return new Promise((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(this.port, '127.0.0.1', () => {
        this.port = (server.server.address() as net.AddressInfo).port;
        this.server = server;
        resolve();
      });
    });
  }

  /** Whole or not at all: a worker may be looking. */
  private keep(mail: Mail) {
    const name = path.join(this.folder, String(++this.count).padStart(6, '0'));
    fs.writeFileSync(`${name}.part`, JSON.stringify(mail));
    fs.renameSync(`${name}.part`, `${name}.json`);
  }

  private stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return Promise.resolve();
    // Conversations end too, as if the machine were gone; closing alone would wait for them.
    for (const connection of server.connections) connection.close();
    return new Promise((resolve) => server.close(() => resolve()));
  }

  private async obey() {
    if (this.changing) return;
    this.changing = true;
    const wanted = !fs.existsSync(path.join(this.folder, DOWN));
    try {
      if (wanted && !this.server) {
        await this.listen();
        fs.rmSync(path.join(this.folder, IS_DOWN), { force: true });
      } else if (!wanted && this.server) {
        await this.stop();
        fs.writeFileSync(path.join(this.folder, IS_DOWN), '');
      }
    } finally {
      this.changing = false;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.watching);
    await this.stop();
  }
}
