/** The least that can ask over HTTP: kept connections, one request at a time on each, nothing parsed but lengths. */
import net from 'node:net';

export type HttpClient = { get(path: string): Promise<{ status: number; body: string }>; close(): void };

export async function openClient(port: number, connections: number): Promise<HttpClient> {
  const idle = await Promise.all(Array.from({ length: connections }, () => openLine(port)));
  const waiting: ((line: Line) => void)[] = [];
  const all = [...idle];
  return {
    async get(path) {
      const line = idle.pop() ?? (await new Promise<Line>((resolve) => waiting.push(resolve)));
      try {
        return await line.get(path);
      } finally {
        const next = waiting.shift();
        if (next) next(line);
        else idle.push(line);
      }
    },
    close: () => all.forEach((line) => line.close()),
  };
}

type Line = { get(path: string): Promise<{ status: number; body: string }>; close(): void };
const HEAD_END = Buffer.from('\r\n\r\n');

/** Opened again when the server has closed it: it waits for nobody for ever. */
async function openLine(port: number): Promise<Line> {
  let chunks: Buffer[] = [];
  let waiting: PromiseWithResolvers<{ status: number; body: string }> | undefined;
  const connect = async (): Promise<net.Socket> => {
    const opened = net.connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise<void>((resolve, reject) => opened.once('connect', resolve).once('error', reject));
    opened.on('data', take);
    opened.on('error', () => {});
    // One that was left already may say so late, while another is asked.
    opened.once('close', () => {
      if (opened === socket) waiting?.reject(new Error('the server closed a connection'));
    });
    return opened;
  };
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    const all = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    chunks = [all];
    const end = all.indexOf(HEAD_END);
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (all.length < end + 4 + length) return;
    chunks = [];
    const body = all.toString('utf8', end + 4, end + 4 + length);
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
    waiting = undefined;
  };
  const ask = async (path: string): Promise<{ status: number; body: string }> => {
    waiting = Promise.withResolvers();
    chunks = [];
    socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`);
    return waiting.promise;
  };
  let socket = await connect();
  return {
    async get(path) {
      const idle = !socket.writable || socket.readableEnded;
      if (idle) socket = await connect();
      // A server may close an idle connection just as it is asked: asked once more, on a new one.
      return idle ? ask(path) : ask(path).catch(async () => ((socket = await connect()), ask(path)));
    },
    close: () => socket.destroy(),
  };
}
