/** A TCP proxy in front of PostgreSQL that can lose answers and cut lines: the network on a bad day. */
import { once } from 'node:events';
import net from 'node:net';

export type Proxy = {
  /** The database's URL through the proxy. */
  readonly url: string;
  /** While true, what the server says is thrown away; what the client says still arrives. */
  deaf: boolean;
  /** Destroys every connection. */
  cut(): void;
  close(): Promise<void>;
};

export async function startProxy(databaseUrl: string): Promise<Proxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      if (!proxy.deaf) client.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as net.AddressInfo).port);
  const proxy: Proxy = {
    url: url.toString(),
    deaf: false,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    async close() {
      proxy.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
