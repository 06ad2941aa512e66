/**
 * Writes an invoice as UBL 2.1 within the core of EN 16931 (CEN/TS 16931-3-2): an `Invoice`, or for a credit
 * note a `CreditNote`. The same model gives the same bytes.
 */
import { formatMoney, formatTonnes } from '@seam/units';
import type { InvoiceKind, InvoiceModel, InvoiceParty } from './model.ts';

const ROOTS = 'urn:oasis:names:specification:ubl:schema:xsd:';

/** UNTDID 1001. */
const TYPE_CODES: Record<InvoiceKind, string> = {
  provisional: '386',
  final: '380',
  fee: '380',
  credit_note: '381',
  debit_note: '383',
};

/** Paid between accounts at the exchange (UNCL 4461, clearing between partners). */
const PAYMENT_MEANS = '97';
const LEI_SCHEME = '0199';

export function writeUbl(model: InvoiceModel): string {
  const credit = model.kind === 'credit_note';
  const root = credit ? 'CreditNote' : 'Invoice';
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<${root} xmlns="${ROOTS}${root}-2" xmlns:cac="${ROOTS}CommonAggregateComponents-2" xmlns:cbc="${ROOTS}CommonBasicComponents-2">` +
    `${head(model, credit)}${references(model)}` +
    cac('AccountingSupplierParty', party(model.seller)) +
    cac('AccountingCustomerParty', party(model.buyer)) +
    cac('PaymentMeans', cbc('PaymentMeansCode', PAYMENT_MEANS)) +
    cac('PaymentTerms', cbc('Note', 'Through the settlement accounts of the exchange 经平台结算账户')) +
    `${totals(model)}${line(model, credit)}</${root}>\n`
  );
}

function head(model: InvoiceModel, credit: boolean): string {
  return (
    cbc('CustomizationID', 'urn:cen.eu:en16931:2017') +
    cbc('ID', model.number) +
    cbc('IssueDate', model.issuedOn) +
    (model.dueOn === null || credit ? '' : cbc('DueDate', model.dueOn)) +
    cbc(credit ? 'CreditNoteTypeCode' : 'InvoiceTypeCode', TYPE_CODES[model.kind]) +
    model.notes.map(({ zh, en }) => cbc('Note', `${en} ${zh}`)).join('') +
    cbc('DocumentCurrencyCode', model.currency)
  );
}

function references(model: InvoiceModel): string {
  const { period, preceding } = model;
  return (
    (period === null ? '' : cac('InvoicePeriod', cbc('StartDate', period.from) + cbc('EndDate', period.to))) +
    (preceding === null
      ? ''
      : cac(
          'BillingReference',
          cac('InvoiceDocumentReference', cbc('ID', preceding.number) + cbc('IssueDate', preceding.issuedOn)),
        )) +
    cac('ContractDocumentReference', cbc('ID', model.contractNumber))
  );
}

function party(of: InvoiceParty): string {
  const scheme = of.registration.kind === 'lei' ? { schemeID: LEI_SCHEME } : {};
  return cac(
    'Party',
    (of.nameZh === null ? '' : cac('PartyName', cbc('Name', of.nameZh))) +
      cac(
        'PostalAddress',
        cbc('StreetName', of.address) + cac('Country', cbc('IdentificationCode', of.country)),
      ) +
      (of.vatId === null
        ? ''
        : cac('PartyTaxScheme', cbc('CompanyID', of.vatId) + cac('TaxScheme', cbc('ID', 'VAT')))) +
      cac(
        'PartyLegalEntity',
        cbc('RegistrationName', of.name) + cbc('CompanyID', of.registration.id, scheme),
      ),
  );
}

function totals({ vat, totals: sum, currency, line: { net } }: InvoiceModel): string {
  const money = (name: string, amount: string) => amountOf(name, amount, currency);
  const reason = vat.reason && cbc('TaxExemptionReason', `${vat.reason.en} ${vat.reason.zh}`);
  return (
    cac(
      'TaxTotal',
      money('TaxAmount', sum.vat) +
        cac(
          'TaxSubtotal',
          money('TaxableAmount', sum.net) +
            money('TaxAmount', sum.vat) +
            cac('TaxCategory', category(vat) + (reason ?? '') + TAX_SCHEME),
        ),
    ) +
    cac(
      'LegalMonetaryTotal',
      money('LineExtensionAmount', net) +
        money('TaxExclusiveAmount', sum.net) +
        money('TaxInclusiveAmount', sum.gross) +
        (sum.prepaid === '0' ? '' : money('PrepaidAmount', sum.prepaid)) +
        money('PayableAmount', sum.due),
    )
  );
}

const TAX_SCHEME = '<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>';

/** A line outside the tax names no rate, not even zero (BR-O-05). */
function category(vat: InvoiceModel['vat']): string {
  const percent = vat.category === 'O' ? '' : cbc('Percent', percentOf(vat.rateBasisPoints));
  return cbc('ID', vat.category) + percent;
}

function line(model: InvoiceModel, credit: boolean): string {
  const { line: of, currency, vat } = model;
  const [unit, quantity] = of.kg === null ? ['C62', '1'] : ['TNE', formatTonnes(BigInt(of.kg))];
  const { difference } = of;
  return cac(
    credit ? 'CreditNoteLine' : 'InvoiceLine',
    cbc('ID', '1') +
      cbc(credit ? 'CreditedQuantity' : 'InvoicedQuantity', quantity, { unitCode: unit }) +
      amountOf('LineExtensionAmount', of.net, currency) +
      (difference === null
        ? ''
        : cac(
            'AllowanceCharge',
            cbc('ChargeIndicator', String(difference.kind === 'charge')) +
              cbc('AllowanceChargeReason', `${difference.reason.en} ${difference.reason.zh}`) +
              amountOf('Amount', difference.amount, currency) +
              amountOf('BaseAmount', of.full, currency),
          )) +
      cac(
        'Item',
        (model.delivery === null ? '' : cbc('Description', `${model.delivery.en} ${model.delivery.zh}`)) +
          cbc('Name', `${of.title.en} ${of.title.zh}`) +
          (of.origin === null ? '' : cac('OriginCountry', cbc('IdentificationCode', of.origin))) +
          (of.hsCode === null
            ? ''
            : cac('CommodityClassification', cbc('ItemClassificationCode', of.hsCode, { listID: 'HS' }))) +
          cac('ClassifiedTaxCategory', category(vat) + TAX_SCHEME) +
          of.properties
            .map(({ name, value }) =>
              cac('AdditionalItemProperty', cbc('Name', `${name.en} ${name.zh}`) + cbc('Value', value)),
            )
            .join(''),
      ) +
      cac(
        'Price',
        cbc('PriceAmount', of.price, { currencyID: currency }) + cbc('BaseQuantity', '1', { unitCode: unit }),
      ),
  );
}

function amountOf(name: string, minorUnits: string, currency: string): string {
  return cbc(name, formatMoney(BigInt(minorUnits)), { currencyID: currency });
}

function percentOf(basisPoints: number): string {
  return formatMoney(BigInt(basisPoints));
}

function cac(name: string, inner: string): string {
  return `<cac:${name}>${inner}</cac:${name}>`;
}

function cbc(name: string, text: string, attributes: Readonly<Record<string, string>> = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<cbc:${name}${written.join('')}>${escaped(text)}</cbc:${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': ' ',
  '\r': ' ',
  '\t': ' ',
};

/** What XML 1.0 cannot hold at all is left out. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] ?? character)
  );
}
