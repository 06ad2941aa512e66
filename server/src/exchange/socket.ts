/**
 * `GET /v1/socket`: the live line between a browser or robot and the market.
 *
 * Origin and login are checked before the upgrade (403, 401: never a 101 that closes again). A login
 * that ends, a company that is suspended, a line that is dead or a reader that does not read is cut.
 */
import type net from 'node:net';
import fastifyWebsocket from '@fastify/websocket';
import { CLIENT_FRAME_BYTES_MAX, CLOSE_CODES, SOCKET_PATH } from '@seam/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { sameHost } from '../platform/auth.ts';
import { type Principal, SESSION_COOKIE } from '../platform/principal.ts';
import { sendProblem } from '../platform/problem.ts';
import type { Connection } from './fanout.ts';
import {
  BID_RATE,
  FRAME_RATE,
  HEARTBEAT_MS,
  SESSION_RECHECK_MS,
  SOCKETS_PER_ADDRESS_MAX,
  SOCKETS_PER_PERSON_MAX,
} from './limits.ts';
import { SOCKET_DEAD_MS, SOCKET_PING_MS } from './limits.ts';
import { SharedFrame } from './shared-frame.ts';
import { type SessionDeps, SocketSession } from './socket-session.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';
import type { Log } from './types.ts';

export type SocketDeps = {
  readonly exchange: SessionDeps['exchange'];
  /** Asked before the upgrade and again now and then: null ends the connection. */
  readonly authenticate: (httpRequest: FastifyRequest) => Promise<Principal | null>;
  /** Exact origins besides the host that was asked. */
  readonly allowedOrigins: readonly string[];
  readonly log: Log;
  /** Default: every signed-in person may watch every auction. */
  readonly mayWatch?: SessionDeps['mayWatch'];
  readonly monotonicMs?: () => number;
  readonly recheckMs?: number;
  /** Bids of one login session. */
  readonly bidRate?: Rate;
  /** Frames of one connection. */
  readonly frameRate?: Rate;
};

export type SocketControl = {
  /** Cuts the connections of whom `ended` names: at logout, suspension, a changed password. */
  closeWhere(ended: (principal: Principal) => boolean, reason: 'session_ended' | 'suspended'): void;
  readonly size: number;
};

type Line = {
  readonly socket: WebSocket;
  readonly session: SocketSession;
  readonly httpRequest: FastifyRequest;
  heardAtMs: number;
  pingedAtMs: number;
  checkedAtMs: number;
};

export async function registerSocket(app: FastifyInstance, deps: SocketDeps): Promise<SocketControl> {
  const lines = new Set<Line>();
  const admitted = new WeakMap<FastifyRequest, Principal>();
  const monotonicMs = deps.monotonicMs ?? (() => performance.now());
  const sessionDeps: SessionDeps = {
    exchange: deps.exchange,
    monotonicMs,
    bidBudget: bidBudgets(monotonicMs, deps.bidRate ?? BID_RATE),
    frameRate: deps.frameRate ?? FRAME_RATE,
    log: deps.log,
    mayWatch: deps.mayWatch ?? (() => true),
  };

  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: CLIENT_FRAME_BYTES_MAX,
      maxFragments: 64,
      maxBufferedChunks: 256,
      perMessageDeflate: false,
    },
    errorHandler: (error, socket) => {
      deps.log.warn({ err: error }, 'socket failed');
      socket.terminate();
    },
    preClose: (done) => {
      for (const { socket } of lines) socket.close(CLOSE_CODES.restart, 'service restart');
      app.websocketServer.close(() => done());
    },
  });

  app.get(
    SOCKET_PATH,
    {
      websocket: true,
      schema: { hide: true },
      preValidation: async (httpRequest, reply) => {
        const refusal = refusesOrigin(httpRequest, deps.allowedOrigins);
        if (refusal) return sendProblem(reply, refusal);
        if (countWhere(lines, (line) => line.httpRequest.ip === httpRequest.ip) >= SOCKETS_PER_ADDRESS_MAX) {
          return sendProblem(reply, { refused: 'request.rate_limited' });
        }
        const principal = await deps.authenticate(httpRequest);
        if (!principal) return sendProblem(reply, { refused: 'auth.required' });
        admitted.set(httpRequest, principal);
        return undefined;
      },
    },
    (socket, httpRequest) => {
      const principal = admitted.get(httpRequest);
      if (!principal) return socket.terminate();
      makeRoom(lines, principal.personId);
      const at = monotonicMs();
      const session = new SocketSession(connectionOf(socket, httpRequest.raw.socket), principal, sessionDeps);
      const line: Line = { socket, session, httpRequest, heardAtMs: at, pingedAtMs: at, checkedAtMs: at };
      lines.add(line);
      socket.on('message', (data, isBinary) => {
        line.heardAtMs = monotonicMs();
        // Binary frames are nothing of ours; told the same way as any other nonsense.
        session.receive(isBinary ? '' : (data as Buffer).toString('utf8'));
      });
      socket.on('pong', () => {
        line.heardAtMs = monotonicMs();
      });
      socket.on('close', () => {
        lines.delete(line);
        session.end();
      });
      session.welcome();
    },
  );

  let counter = 0;
  const heartbeat = setInterval(() => {
    counter += 1;
    const text = JSON.stringify({ t: 'heartbeat', serverTime: deps.exchange.now().toISOString(), counter });
    for (const line of lines) {
      if (line.socket.bufferedAmount === 0) line.socket.send(text);
      keepAlive(line, monotonicMs());
      if (monotonicMs() - line.checkedAtMs >= (deps.recheckMs ?? SESSION_RECHECK_MS))
        void recheck(line, deps, monotonicMs());
    }
  }, HEARTBEAT_MS).unref();
  app.addHook('onClose', async () => clearInterval(heartbeat));

  return {
    get size() {
      return lines.size;
    },
    closeWhere(ended, reason) {
      for (const { socket, session } of lines) {
        if (ended(session.principal)) socket.close(CLOSE_CODES[reason], reason.replace('_', ' '));
      }
    },
  };
}

/** A cookie is sent by a browser whoever asks it to, so then the page must be ours. */
function refusesOrigin(
  httpRequest: FastifyRequest,
  allowed: readonly string[],
): { refused: 'request.invalid' | 'request.origin_forbidden' } | undefined {
  // A token in a URL ends up in logs.
  if (httpRequest.url !== SOCKET_PATH) return { refused: 'request.invalid' };
  const { origin, authorization } = httpRequest.headers;
  if (origin === undefined) {
    const byCookie = httpRequest.cookies[SESSION_COOKIE] !== undefined && authorization === undefined;
    return byCookie ? { refused: 'request.origin_forbidden' } : undefined;
  }
  if (allowed.includes(origin) || sameHost(origin, httpRequest.host)) return undefined;
  return { refused: 'request.origin_forbidden' };
}

/** @param stream what `socket` writes to; nothing is compressed, so frames of both keep their order. */
export function connectionOf(socket: WebSocket, stream: net.Socket): Connection {
  return {
    send(text) {
      if (socket.readyState === socket.OPEN) stream.write(new SharedFrame(text).bytes);
    },
    sendShared(frame) {
      if (socket.readyState === socket.OPEN) stream.write(frame.bytes);
    },
    bufferedBytes: () => socket.bufferedAmount,
    close: (code, reason) => {
      socket.close(code, reason);
      // Somebody who does not read will not answer the close either.
      if (code === CLOSE_CODES.slow_reader) setTimeout(() => socket.terminate(), HEARTBEAT_MS).unref();
    },
  };
}

function makeRoom(lines: ReadonlySet<Line>, personId: string): void {
  const own = [...lines].filter(({ session }) => session.principal.personId === personId);
  if (own.length >= SOCKETS_PER_PERSON_MAX) own[0]?.socket.close(CLOSE_CODES.superseded, 'opened elsewhere');
}

function keepAlive(line: Line, at: number): void {
  if (at - line.heardAtMs >= SOCKET_DEAD_MS) return line.socket.terminate();
  if (at - line.heardAtMs >= SOCKET_PING_MS && at - line.pingedAtMs >= SOCKET_PING_MS) {
    line.pingedAtMs = at;
    line.socket.ping();
  }
}

async function recheck(line: Line, deps: SocketDeps, at: number): Promise<void> {
  line.checkedAtMs = at;
  try {
    const principal = await deps.authenticate(line.httpRequest);
    if (!principal) line.socket.close(CLOSE_CODES.session_ended, 'session ended');
    else if (principal.organisationStatus === 'suspended')
      line.socket.close(CLOSE_CODES.suspended, 'suspended');
    else line.session.principal = principal;
  } catch (error) {
    deps.log.warn({ err: error }, 'a session could not be checked again');
  }
}

function bidBudgets(monotonicMs: () => number, rate: Rate): (loginSessionId: string) => TokenBucket {
  const budgets = new Map<string, TokenBucket>();
  return (loginSessionId) => {
    const found = budgets.get(loginSessionId);
    if (found) return found;
    // A forgotten budget is a full one: sessions idle for long have theirs full anyway.
    if (budgets.size >= 10_000) budgets.clear();
    const made = new TokenBucket(rate, monotonicMs());
    budgets.set(loginSessionId, made);
    return made;
  };
}

function countWhere(lines: ReadonlySet<Line>, holds: (line: Line) => boolean): number {
  let count = 0;
  for (const line of lines) if (holds(line)) count += 1;
  return count;
}
