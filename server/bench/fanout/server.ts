/** One of three servers that tell everybody who is connected of each change: ours, a ws loop, socket.io. */
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { Server as SocketIo } from 'socket.io';
import { WebSocketServer } from 'ws';
import { AuctionRenderer } from '../../src/exchange/auction-frames.ts';
import { Fanout } from '../../src/exchange/fanout.ts';
import type { AuctionView } from '../../src/exchange/live-view.ts';
import { connectionOf } from '../../src/exchange/socket.ts';
import { answer, cpuMicros } from '../support/child.ts';
import { openRoom } from './room.ts';

type Sender = {
  publish(view: AuctionView): void;
  readonly size: () => number;
  readonly pending: () => number;
};

const renderer = new AuctionRenderer('bench');
const room = openRoom();
const server = http.createServer();
const senders: Record<string, () => Sender> = { seam, ws: wsLoop, 'socket.io': socketIo };
const sender = senders[process.argv[2] ?? '']!();
server.listen(0, '127.0.0.1');
await once(server, 'listening');

answer({
  port: () => (server.address() as net.AddressInfo).port,
  /** Sends `perTick` changes every `tickMs` for `ms`, and is done when the network has taken them. */
  async run({ perTick, tickMs, ms }: { perTick: number; tickMs: number; ms: number }) {
    const cpu = cpuMicros();
    const started = performance.now();
    let updates = 0;
    for (let tick = 0; tick * tickMs < ms; tick += 1) {
      const due = started + tick * tickMs;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      // A server that cannot keep up waits for its sockets instead of filling the memory.
      while (sender.pending() > 64 * 1024 * sender.size())
        await new Promise((resolve) => setTimeout(resolve, 1));
      for (let i = 0; i < perTick; i += 1) sender.publish(room.bid());
      updates += perTick;
      if (performance.now() - started > ms * 3) break;
    }
    do await new Promise((resolve) => setTimeout(resolve, 5));
    while (sender.pending() > 0);
    const elapsedMs = performance.now() - started;
    return { updates, cpuMicros: cpuMicros() - cpu, elapsedMs, lastSeq: room.view().seq };
  },
});

/** The fan-out and the connections of the exchange. */
function seam(): Sender {
  const fanout = new Fanout(renderer);
  fanout.publish(room.topic, room.view());
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket, request) => {
    const connection = connectionOf(socket, request.socket);
    fanout.subscribe(room.topic, { connection, viewer: '' });
    socket.on('close', () => fanout.drop(connection));
  });
  let published = performance.now();
  return {
    publish: (view) => {
      published = performance.now();
      fanout.publish(room.topic, view);
    },
    size: () => sockets.clients.size,
    // The last tick is still to come.
    pending: () => buffered(sockets) + (performance.now() - published < 110 ? 1 : 0),
  };
}

/** What the ws manual shows: to everybody who is open, send. The text is made once a change. */
function wsLoop(): Sender {
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  return {
    publish(view) {
      const text = renderer.update(view, '', 0);
      for (const socket of sockets.clients) if (socket.readyState === socket.OPEN) socket.send(text);
    },
    size: () => sockets.clients.size,
    pending: () => buffered(sockets),
  };
}

/** A room of socket.io over WebSocket alone. */
function socketIo(): Sender {
  const io = new SocketIo(server, {
    transports: ['websocket'],
    perMessageDeflate: false,
    serveClient: false,
  });
  const streams = new Set<net.Socket>();
  io.on('connection', (socket) => {
    const stream = socket.request.socket;
    streams.add(stream);
    socket.on('disconnect', () => streams.delete(stream));
    void socket.join(room.topic);
  });
  return {
    publish: (view) => void io.to(room.topic).emit('update', renderer.update(view, '', 0)),
    size: () => io.engine.clientsCount,
    pending: () => {
      let bytes = 0;
      for (const socket of streams) bytes += socket.writableLength;
      return bytes;
    },
  };
}

function buffered(sockets: WebSocketServer): number {
  let bytes = 0;
  for (const socket of sockets.clients) bytes += socket.bufferedAmount;
  return bytes;
}
