import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SharedFrame } from './shared-frame.ts';

it('is what a client of the protocol reads, at every length and between other frames', async () => {
  const server = http.createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const texts = [
    '',
    'x',
    'y'.repeat(125),
    'z'.repeat(126),
    '漢'.repeat(21_845),
    'w'.repeat(65_536),
    'é'.repeat(200_000),
  ];
  server.on('upgrade', (request, socket: net.Socket, head) => {
    sockets.handleUpgrade(request, socket, head, (client) => {
      for (const text of texts) {
        client.send(`before ${text.length}`);
        socket.write(new SharedFrame(text).bytes);
      }
      client.close(1000);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as net.AddressInfo).port}`);
  const got: string[] = [];
  client.on('message', (data: Buffer, isBinary) => {
    expect(isBinary).toBe(false);
    got.push(data.toString('utf8'));
  });
  const [code] = (await once(client, 'close')) as [number];
  expect(code).toBe(1000);
  expect(got).toEqual(texts.flatMap((text) => [`before ${text.length}`, text]));
  sockets.close();
  server.close();
});
