/** The demo bank's HTTP face. Every request is signed; a GET signs its path in place of a body. */
import { CURRENCIES, formatMoney, parseMoney } from '@seam/units';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { MESSAGE_BYTES_MAX } from '../settlement/bank/iso20022/limits.ts';
import { BadMessage } from '../settlement/bank/iso20022/xml.ts';
import { verifyCallback } from '../settlement/bank/signature.ts';
import { type BankAccount, accountBy, exchangeAccounts } from './books.ts';
import { assertsTheSame, takeCertification } from './certifications.ts';
import { customerTransfer, openAccount } from './customers.ts';
import { type BankSimulatorDeps, STATEMENT_FORMS } from './deps.ts';
import { drillRoutes } from './drills.ts';
import { Exact, Refusal, Text, accepted, bodyOf, parsed } from './http.ts';
import { exchangeKeys, keysOfExchange } from './keys.ts';
import { statusOf, takePain001 } from './payments.ts';
import { closeDay, interimReport, statementOf } from './statements.ts';

const Currency = Type.Union(CURRENCIES.map((code) => Type.Literal(code)));
const Number_ = Type.String({ pattern: '^[0-9A-Z]{5,34}$' });
const Bank = Exact({
  kind: Type.Union([Type.Literal('bic'), Type.Literal('cnaps'), Type.Literal('ifsc')]),
  code: Text(16),
});
const Money = Type.String({ pattern: '^\\d{1,13}(\\.\\d{1,2})?$' });

const OpenAccount = Exact({
  holderName: Text(140),
  legalId: Text(35),
  currency: Currency,
  openingBalance: Money,
  accountNumber: Type.Optional(Number_),
  bank: Type.Optional(Bank),
});
const CustomerTransfer = Exact({
  transferId: Type.String({ pattern: '^[\\w-]{1,64}$' }),
  fromAccount: Number_,
  toAccount: Type.Optional(Number_),
  amount: Money,
  reference: Type.Optional(Type.String({ maxLength: 35 })),
  remittance: Type.Optional(Type.String({ maxLength: 140 })),
});
const Certification = Exact({
  requestId: Type.String({ pattern: '^[\\w-]{1,64}$' }),
  accountNumber: Number_,
  bank: Bank,
  holderName: Text(140),
  legalId: Text(35),
  currency: Currency,
  assertion: Type.Optional(Exact({ payload: Text(8000), signature: Text(2000), certificate: Text(8000) })),
});
const Keys = Exact({ ours: Type.Array(Text(200), { minItems: 1, maxItems: 4 }) });

export function buildBank(deps: BankSimulatorDeps): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: MESSAGE_BYTES_MAX });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_httpRequest, body, done) => done(null, body));
  app.get('/healthz', async () => ({ ok: true }));
  app.addHook('preHandler', async (httpRequest) => {
    if (httpRequest.url === '/healthz') return;
    const signed = httpRequest.method === 'GET' ? Buffer.from(httpRequest.url) : bodyOf(httpRequest);
    const publicKeys = await keysOfExchange(deps.sql);
    const keys = { secrets: [deps.secret], publicKeys };
    const verified = verifyCallback(httpRequest.headers, signed, keys, deps.clock.now());
    if (!verified.ok) throw new Refusal(401, verified.code);
    // Orders bind the exchange: once its key is known, the secret that both houses share proves nothing.
    if (
      publicKeys.length > 0 &&
      verified.by !== 'key' &&
      /^\/v1\/(pain\.001|certifications)/.test(httpRequest.url)
    )
      throw new Refusal(401, 'bank.signature_invalid');
  });
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, _httpRequest, reply) => {
    const status =
      error instanceof Refusal ? error.status : error instanceof BadMessage ? 422 : (error.statusCode ?? 500);
    const code = error instanceof BadMessage ? error.reason : (error.code ?? 'internal');
    if (status >= 500) deps.log.warn({ err: error }, 'unexpected');
    return reply.code(status).send({ code, detail: status >= 500 ? 'unexpected' : error.message });
  });
  customerRoutes(app, deps);
  exchangeRoutes(app, deps);
  if (deps.misfortunes.allowed) drillRoutes(app, deps);
  return app;
}

function amountOf(text: string): NonNullable<ReturnType<typeof parseMoney>> {
  const amount = parseMoney(text);
  if (amount === undefined) throw new Refusal(400, 'amount_invalid');
  return amount;
}

function shown(account: BankAccount): object {
  const { number, holderName, currency, bank, balance } = account;
  return { number, holderName, currency, bank, balance: formatMoney(balance) };
}

/** What people do with their bank, outside the exchange. */
function customerRoutes(app: FastifyInstance, deps: BankSimulatorDeps): void {
  app.post('/v1/accounts', async (httpRequest, reply) => {
    const body = parsed(OpenAccount, httpRequest);
    const { accountNumber, bank, ...rest } = body;
    const account = await openAccount(deps, {
      ...rest,
      openingBalance: amountOf(body.openingBalance),
      ...(accountNumber ? { accountNumber } : {}),
      ...(bank ? { bank } : {}),
    });
    return reply.code(201).send(shown(accepted<BankAccount>(account)));
  });
  app.get<{ Params: { number: string } }>('/v1/accounts/:number', async (httpRequest) => {
    const account = await accountBy(deps.sql, { number: httpRequest.params.number });
    if (!account) throw new Refusal(404, 'account_unknown');
    return shown(account);
  });
  app.post('/v1/customer-transfers', async (httpRequest, reply) => {
    const body = parsed(CustomerTransfer, httpRequest);
    const { toAccount, reference, remittance } = body;
    const answer = await customerTransfer(deps, {
      ...body,
      toAccount,
      reference,
      remittance,
      amount: amountOf(body.amount),
    });
    return reply.code(201).send(accepted(answer));
  });
}

/** What the exchange asks of its bank. */
function exchangeRoutes(app: FastifyInstance, deps: BankSimulatorDeps): void {
  const { misfortunes } = deps;
  app.post('/v1/keys', async (httpRequest) =>
    accepted(await exchangeKeys(deps, parsed(Keys, httpRequest).ours)),
  );
  app.get('/v1/exchange-accounts', async () => (await exchangeAccounts(deps.sql)).map(shown));
  app.post('/v1/pain.001', async (httpRequest, reply) => {
    if (misfortunes.strikes('not_reached')) return lose(reply);
    const report = await takePain001(deps, bodyOf(httpRequest));
    if (misfortunes.strikes('crash_after_debit')) process.kill(process.pid, 'SIGKILL');
    if (misfortunes.strikes('answer_lost')) return lose(reply);
    // Kept open: the caller decides when it has waited long enough.
    if (misfortunes.strikes('times_out_after_debit')) return reply.hijack();
    return reply.type('application/xml').send(report);
  });
  app.get<{ Params: { endToEndId: string } }>('/v1/payments/:endToEndId', async (httpRequest, reply) => {
    const report = await statusOf(deps, httpRequest.params.endToEndId);
    if (!report) throw new Refusal(404, 'payment_unknown');
    return reply.type('application/xml').send(report);
  });
  app.post('/v1/certifications', async (httpRequest, reply) => {
    const request = parsed(Certification, httpRequest);
    if (!assertsTheSame(request)) throw new Refusal(422, 'assertion_invalid');
    await takeCertification(deps, request);
    return reply.code(202).send({ ok: true });
  });
  app.get<{ Params: { account: string; sequence: string }; Querystring: { form?: string } }>(
    '/v1/statements/:account/:sequence',
    async (httpRequest, reply) => {
      const { account, sequence } = httpRequest.params;
      const asked = httpRequest.query.form ?? deps.statements;
      const form = STATEMENT_FORMS.find((one) => one === asked);
      const text =
        form && /^\d{1,9}$/.test(sequence)
          ? await statementOf(deps, { account, sequence: Number(sequence), form })
          : undefined;
      if (!text) throw new Refusal(404, 'statement_unknown');
      return reply.type(form === 'mt940' ? 'text/plain; charset=utf-8' : 'application/xml').send(text);
    },
  );
  app.get<{ Params: { account: string } }>('/v1/reports/:account', async (httpRequest, reply) => {
    const xml = await interimReport(deps, httpRequest.params.account);
    if (!xml) throw new Refusal(404, 'account_unknown');
    return reply.type('application/xml').send(xml);
  });
  app.post('/v1/end-of-day', async () => closeDay(deps));
}

function lose(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}
