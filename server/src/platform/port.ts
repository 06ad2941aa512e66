/** Says early, in one line, that a port is taken: before a database is started for nothing. */
import net from 'node:net';
import { StartError } from './start-error.ts';

export async function checkPort(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE'
          ? `port ${port} on ${host} is taken; set PORT to another`
          : `cannot listen on ${host}:${port}: ${error.message}`;
      reject(new StartError(reason, { cause: error }));
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

/** A free port on loopback for a child process of ours. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
