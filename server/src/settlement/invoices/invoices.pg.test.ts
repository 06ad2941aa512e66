import { createHash } from 'node:crypto';
import { invoiceRoutes as r } from '@seam/protocol';
import { loadFont, renderPaper } from '@seam/esign';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelSettlement } from '../trade/cancel.ts';
import { Desk, type Trade } from '../trade/testing.ts';
import { issueNote, issueInvoices } from './issue.ts';
import { type Draw, paperBytes } from './paper-file.ts';
import { invoiceSeen } from './queries.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => desk.close());

type Row = {
  id: string;
  kind: string;
  issuer: string;
  recipient: string;
  serial: number;
  net: string;
  vat: string;
  gross: string;
  due: string;
};
const issued = async (trade: Trade): Promise<Row[]> =>
  desk.db.sql<
    Row[]
  >`select id, kind, issuer_id as issuer, recipient_id as recipient, serial, net, vat, gross, due
    from invoice_document where contract_id = ${trade.id} order by id`;

describe('the documents of a contract', () => {
  it('come one by one as its money moves, numbered by whoever issues them', async () => {
    const trade = await desk.trade(60_000);
    expect(await issued(trade)).toMatchObject([
      {
        kind: 'provisional',
        issuer: trade.seller,
        recipient: trade.buyer,
        serial: 1,
        gross: '6000000',
        due: '6000000',
      },
    ]);
    await desk.deliver(trade, '98');
    expect((await desk.accept(trade)).status).toBe(200);
    const [provisional, final, fee] = await issued(trade);
    // 98 t at 600.00, 13 % in it; 60,000.00 paid before.
    expect(final).toMatchObject({
      kind: 'final',
      serial: 2,
      net: '5203540',
      vat: '676460',
      gross: '5880000',
      due: '-120000',
    });
    expect(fee).toMatchObject({
      kind: 'fee',
      issuer: 'platform',
      recipient: trade.seller,
      net: '11760',
      vat: '706',
    });
    const [ubl] = await desk.db.sql<
      { ubl: string }[]
    >`select ubl from invoice_document where id = ${final!.id}`;
    expect(ubl!.ubl).toContain(
      '<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>2026-000001</cbc:ID>',
    );
    expect(provisional!.id).not.toBe(final!.id);
  });

  it('are not issued again, however often it is asked', async () => {
    const trade = await desk.trade(60_000);
    const before = await issued(trade);
    for (let n = 0; n < 3; n += 1) {
      await desk.db.sql.begin(async (tx) => issueInvoices(tx, trade.id, new Date()));
    }
    expect(await issued(trade)).toEqual(before);
  });

  it('of a delivery that was cancelled are a prepayment invoice and a credit note over all of it', async () => {
    const trade = await desk.trade(60_000);
    await desk.pay(trade);
    await desk.db.sql.begin(async (tx) => cancelSettlement(tx, trade.id, 'nothing was called off'));
    const [first, second] = await issued(trade);
    expect(second).toMatchObject({ kind: 'credit_note', serial: 2 });
    for (const key of ['net', 'vat', 'gross'] as const) expect(second![key]).toBe(first![key]);
  });

  it('of a correction refer to the final invoice, one for each correction', async () => {
    const trade = await desk.trade(60_000);
    await desk.deliver(trade, '100');
    const note = {
      noteId: desk.fresh('note'),
      contractId: trade.id,
      kind: 'credit_note',
      amount: 11_300n,
      reason: { zh: '磅单更正', en: 'Weighbridge ticket corrected' },
    } as const;
    for (let n = 0; n < 2; n += 1) await desk.db.sql.begin(async (tx) => issueNote(tx, note, new Date()));
    const notes = (await issued(trade)).filter(({ kind }) => kind === 'credit_note');
    expect(notes).toMatchObject([{ net: '10000', vat: '1300', gross: '11300', serial: 3 }]);
  });
});

describe('the numbers of an issuer', () => {
  it('have no gap when work is rolled back, and none when many issue at once', async () => {
    const trades = await Promise.all(Array.from({ length: 3 }, async () => desk.trade(0)));
    const notes = trades.flatMap((trade) => [0, 1, 2, 3].map((n) => ({ trade, n })));
    await Promise.allSettled(
      notes.map(async ({ trade, n }) =>
        desk.db.sql.begin(async (tx) => {
          await tx`insert into invoice_series (issuer_id, year, last) values ('busy', 2026, 1)
            on conflict (issuer_id, year) do update set last = invoice_series.last + 1`;
          await tx`insert into invoice_document (id, key, contract_id, kind, issuer_id, recipient_id, year, serial, number,
              currency, net, vat, gross, due, model, ubl, ubl_sha256, issued_on)
            select gen_random_uuid(), ${`busy:${trade.id}:${n}`}, contract_id, kind, 'busy', recipient_id, 2026,
              (select last from invoice_series where issuer_id = 'busy'), number, currency, net, vat, gross, due, model,
              ubl, ubl_sha256, '2026-11-23' from invoice_document where contract_id = ${trade.id} and issuer_id <> 'busy'`;
          if (n % 2 === 0) throw new Error('rolled back');
        }),
      ),
    );
    const rows = await desk.db.sql<{ serial: number }[]>`
      select serial from invoice_document where issuer_id = 'busy' order by serial`;
    expect(rows.map(({ serial }) => serial)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('cannot skip one, and no document can be changed or removed', async () => {
    const trade = await desk.trade(0);
    const [row] = await issued(trade);
    const { sql } = desk.db;
    await expect(sql`insert into invoice_document (id, key, contract_id, kind, issuer_id, recipient_id, year, serial,
        number, currency, net, vat, gross, due, model, ubl, ubl_sha256, issued_on)
      select gen_random_uuid(), 'skip', contract_id, kind, issuer_id, recipient_id, year, serial + 2, number, currency,
        net, vat, gross, due, model, ubl, ubl_sha256, issued_on from invoice_document where id = ${row!.id}`).rejects.toThrow(
      /gap/,
    );
    await expect(sql`update invoice_document set number = 'x' where id = ${row!.id}`).rejects.toThrow();
    await expect(sql`delete from invoice_document where id = ${row!.id}`).rejects.toThrow();
  });
});

describe('whoever is neither side of an invoice', () => {
  it('404: the buyer sees no fee invoice, a stranger nothing, staff all', async () => {
    const trade = await desk.trade(60_000);
    await desk.deliver(trade, '100');
    await desk.accept(trade);
    const [provisional, final, fee] = await issued(trade);
    const list = async (as: string): Promise<string[]> =>
      (await desk.call(as, 'GET', `/v1/invoices?contractId=${trade.id}`)).body.items.map(
        (one: { kind: string }) => one.kind,
      );
    expect(await list(trade.seller)).toEqual(['fee', 'final', 'provisional']);
    expect(await list(trade.buyer)).toEqual(['final', 'provisional']);
    expect(await list(desk.fresh('stranger'))).toEqual([]);
    expect(await list('staff')).toEqual(['fee', 'final', 'provisional']);
    const status = async (as: string, id: string, file: 'xml' | 'pdf') =>
      (await desk.call(as, 'GET', r.invoiceUbl.url.replace(':id', id).replace('xml', file))).status;
    expect(await status(trade.buyer, fee!.id, 'xml')).toBe(404);
    expect(await status(desk.fresh('stranger'), provisional!.id, 'xml')).toBe(404);
    expect(await status(desk.fresh('stranger'), provisional!.id, 'pdf')).toBe(404);
    expect(await status(trade.buyer, final!.id, 'xml')).toBe(200);
    expect(await status('staff', fee!.id, 'xml')).toBe(200);
  });

  it('the paper is drawn once and is the same bytes ever after, with its UBL in it', async () => {
    const trade = await desk.trade(0);
    const [row] = await issued(trade);
    const seen = (await invoiceSeen(desk.db.sql, staff, row!.id))!;
    let drawn = 0;
    const draw = async (paper: Parameters<Draw>[0]) => {
      drawn += 1;
      return renderPaper({ ...paper, fonts: await loadFont() });
    };
    const both = await Promise.all([
      paperBytes(desk.db.sql, seen, draw),
      paperBytes(desk.db.sql, seen, draw),
    ]);
    const again = await paperBytes(desk.db.sql, seen, () => Promise.reject(new Error('drawn before')));
    const hashes = [...both, again].map((bytes) => createHash('sha256').update(bytes).digest('hex'));
    expect(new Set(hashes).size).toBe(1);
    expect(drawn).toBeLessThanOrEqual(2);
    expect(Buffer.from(again).subarray(0, 5).toString()).toBe('%PDF-');
  });
});

const staff = {
  personId: 'p',
  personName: 'staff',
  organisationId: '',
  organisationStatus: 'active',
  roles: [],
  staff: true,
  centreRoles: [],
  robot: false,
  loginSessionId: 's',
} as const;
