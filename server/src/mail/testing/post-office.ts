/** A real SMTP server for tests, which can be told where to say no. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Received = {
  readonly from: string;
  readonly to: readonly string[];
  /** By lower-case name, unfolded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
};
export type Refusal = {
  readonly at: 'login' | 'sender' | 'recipient' | 'content' | 'greeting';
  readonly code: number;
  readonly words: string;
};
export type PostOffice = {
  readonly url: string;
  readonly received: readonly Received[];
  /** From now on; undefined: everything is taken. */
  refuse(refusal: Refusal | undefined): void;
  close(): Promise<void>;
};

export async function openPostOffice(first?: Refusal, port = 0): Promise<PostOffice> {
  if (first?.at === 'greeting') return openSilence();
  let refusal = first;
  const received: Received[] = [];
  const answer = (at: Refusal['at']): Error | null =>
    refusal?.at === at ? Object.assign(new Error(refusal.words), { responseCode: refusal.code }) : null;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    logger: false,
    onAuth: (_auth, _session, done) => done(answer('login'), { user: 'seam' }),
    onMailFrom: (_address, _session, done) => done(answer('sender')),
    onRcptTo: (_address, _session, done) => done(answer('recipient')),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const no = answer('content');
        if (no) return done(no);
        const { mailFrom, rcptTo } = session.envelope;
        const raw = Buffer.concat(chunks).toString();
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          headers: headersOf(raw),
          raw,
        });
        return done();
      });
    },
  });
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    url: urlOf(server.server.address() as AddressInfo),
    received,
    refuse: (next) => (refusal = next),
    close: async () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Takes connections and never says a word. */
async function openSilence(): Promise<PostOffice> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: urlOf(server.address() as AddressInfo),
    received: [],
    refuse: () => {},
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function urlOf({ port }: AddressInfo): string {
  return `smtp://127.0.0.1:${port}`;
}

function headersOf(raw: string): Record<string, string> {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
  return Object.fromEntries(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
