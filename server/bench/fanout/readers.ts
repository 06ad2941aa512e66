/**
 * Many readers in one process. They read the protocol as bytes and keep only the newest seq they were
 * shown, so that the clients cost as little of the machine as can be.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { answer } from '../support/child.ts';

type Reader = { socket: net.Socket; rest: Buffer; seq: number };

const readers: Reader[] = [];
let frames = 0;

answer({
  async open({ port, count, path }: { port: number; count: number; path: string }) {
    for (let opened = 0; opened < count; opened += 50) {
      await Promise.all(Array.from({ length: Math.min(50, count - opened) }, () => connect(port, path)));
    }
  },
  /** Resolves when every reader has been shown `seq`. @returns frames read since the last time. */
  async reached({ seq }: { seq: number }) {
    const until = performance.now() + 60_000;
    while (readers.some((reader) => reader.seq < seq)) {
      if (performance.now() > until) throw new Error(`not all were shown seq ${seq}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const read = frames;
    frames = 0;
    return { frames: read };
  },
  close() {
    for (const { socket } of readers) socket.destroy();
  },
});

async function connect(port: number, path: string): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const reader: Reader = { socket, rest: Buffer.alloc(0), seq: -1 };
  let upgraded = false;
  socket.on('error', () => {});
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      let bytes = reader.rest.length > 0 ? Buffer.concat([reader.rest, chunk]) : chunk;
      if (!upgraded) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return void (reader.rest = bytes);
        upgraded = true;
        bytes = bytes.subarray(end + 4);
        // socket.io wants to be asked into its main room.
        if (path.startsWith('/socket.io')) sendText(socket, '40');
        resolve();
      }
      reader.rest = readFrames(reader, bytes);
    });
  });
  readers.push(reader);
}

/** @returns what is left of a frame that has not all come. */
function readFrames(reader: Reader, bytes: Buffer): Buffer {
  let at = 0;
  while (bytes.length - at >= 2) {
    const short = bytes[at + 1]! & 127;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length - at < head) break;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    if (bytes.length - at < head + length) break;
    frames += 1;
    note(reader, bytes, at + head, at + head + length);
    at += head + length;
  }
  // A copy: a piece of a chunk would keep all of it.
  return at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
}

const SEQ = Buffer.from('seq');

function note(reader: Reader, bytes: Buffer, start: number, end: number): void {
  // engine.io asks whether we live.
  if (end - start === 1 && bytes[start] === 0x32) return sendText(reader.socket, '3');
  const found = bytes.indexOf(SEQ, start);
  if (found < 0 || found >= end) return;
  let i = found + 3;
  while (bytes[i]! < 0x30 || bytes[i]! > 0x39) i += 1;
  let seq = 0;
  for (; bytes[i]! >= 0x30 && bytes[i]! <= 0x39; i += 1) seq = seq * 10 + bytes[i]! - 0x30;
  if (seq > reader.seq) reader.seq = seq;
}

/** A masked text frame of under 126 bytes; the mask is zero. */
function sendText(socket: net.Socket, text: string): void {
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]));
}
