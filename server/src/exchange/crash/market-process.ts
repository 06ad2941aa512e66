/**
 * The process that the crash test kills and the overload test floods: the real exchange behind the real
 * socket, whose logins are the names in the tokens. Says `ready <port>` when it leads.
 */
import postgres from 'postgres';
import { buildCore } from '../../core.ts';
import type { Principal } from '../../platform/principal.ts';
import { createExchange } from '../exchange.ts';
import { registerSocket } from '../socket.ts';
import { type Submission, silentLog } from '../types.ts';

const databaseUrl = process.env['DATABASE_URL'] ?? '';
const acknowledge = process.env['CRASH_ACKNOWLEDGE'] === 'before_commit' ? 'before_commit' : 'after_commit';
/** The bidders are robots in a closed loop: they shall find the market's limit, not their own. */
const BID_RATE = { burst: 1_000_000, perSecond: 1_000_000 };

const sql = postgres(databaseUrl, { max: 4, onnotice: () => {} });
const log = {
  ...silentLog,
  error: (fields: object, message: string) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};
const exchange = await createExchange({
  url: databaseUrl,
  sql,
  projections: [],
  pseudonymSecret: 'crash',
  log,
  acknowledge,
});
const authenticate = async (token: string): Promise<Principal> => principalOf(token.replaceAll('-', ''));
const app = await buildCore({ sql, authenticate, publicUrl: 'http://127.0.0.1', requestsPerMinute: 1e9 });
await registerSocket(app, {
  exchange,
  log,
  allowedOrigins: [],
  ...(process.env['OVERLOAD_LIMITS'] === 'production' ? {} : { bidRate: BID_RATE, frameRate: BID_RATE }),
  authenticate: async ({ principal }) => principal,
});
/** What is really held: started with --expose-gc. */
app.get('/memory', () => {
  globalThis.gc?.();
  return process.memoryUsage();
});
app.post('/submit', async (httpRequest) => exchange.gateway.submit(httpRequest.body as Submission));
await exchange.start();
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
process.stdout.write(`ready ${typeof address === 'object' && address ? address.port : 0}\n`);

// A test that was killed itself must not leave a market behind.
process.stdin.on('end', () => process.exit(0)).resume();

function principalOf(name: string): Principal {
  return {
    personId: name,
    personName: name,
    organisationId: name,
    organisationStatus: 'active',
    roles: ['trader'],
    staff: false,
    centreRoles: [],
    robot: true,
    loginSessionId: name,
  };
}
