/** The letter that tells of a lot: plain text, and the same in simple HTML, in the reader's language. */
import { convertEnergy, rational, roundHalfEven } from '@seam/coal';
import type { MAIL_LANGUAGES, SearchLot } from '@seam/protocol';

export type MailLanguage = (typeof MAIL_LANGUAGES)[number];
export type LetterText = { readonly subject: string; readonly text: string; readonly html: string };

type About = {
  readonly lot: SearchLot;
  readonly searchName: string;
  readonly publicUrl: string;
  readonly stopUrl: string;
};

const WORDS = {
  en: {
    subject: (mine: string, search: string) => `${mine} fits your search “${search}”`,
    lead: (search: string) => `A lot came to fit your saved search “${search}”.`,
    quality: 'Quality, as received',
    heat: 'net',
    moisture: 'total moisture',
    ash: 'ash',
    sulphur: 'sulphur',
    price: 'Price',
    byAuction: 'by auction',
    landed: 'Landed at your place',
    tonnes: 'Tonnes left',
    window: 'Delivery',
    open: 'Open the lot',
    all: 'All alerts',
    stop: 'Stop e-mail for this search',
    noReply: 'Nobody reads answers to this address.',
  },
  zh: {
    subject: (mine: string, search: string) => `${mine} 符合您的搜索“${search}”`,
    lead: (search: string) => `有货源符合您保存的搜索“${search}”。`,
    quality: '质量（收到基）',
    heat: '低位发热量',
    moisture: '全水分',
    ash: '灰分',
    sulphur: '全硫',
    price: '价格',
    byAuction: '竞价',
    landed: '到厂成本',
    tonnes: '剩余吨数',
    window: '交货期',
    open: '查看货源',
    all: '全部提醒',
    stop: '停止此搜索的邮件',
    noReply: '此地址不接收回复。',
  },
} as const;

export function writeLetter(language: MailLanguage, about: About): LetterText {
  const words = WORDS[language];
  const { lot, searchName, publicUrl, stopUrl } = about;
  const nameOf = ({ name, nameZh }: { name: string; nameZh: string | null }): string =>
    language === 'zh' ? (nameZh ?? name) : name;
  const mine = nameOf(lot.mine);
  const facts = [
    [words.quality, qualityText(language, lot)],
    [words.price, priceText(language, lot)],
    ...(lot.landed
      ? [
          [
            words.landed,
            `${lot.landed.perGigajoule} ${lot.landed.currency}/GJ · ${lot.landed.landedPerTonne} ${lot.landed.currency}/t · ${lot.landed.distanceKm} km`,
          ],
        ]
      : []),
    [words.tonnes, `${lot.remaining} t`],
    [words.window, `${lot.windowFrom} – ${lot.windowTo}`],
  ] as [string, string][];
  const head = [mine, lot.mine.region, lot.mine.country].filter(Boolean).join(', ');
  const links = [
    [words.open, `${publicUrl}/lots/${lot.id}`],
    [words.all, `${publicUrl}/find/saved`],
    [words.stop, stopUrl],
  ] as [string, string][];
  const lead = words.lead(searchName);
  return {
    subject: words.subject(mine, searchName),
    text: [
      lead,
      '',
      head,
      ...facts.map(([name, value]) => `${name}: ${value}`),
      '',
      ...links.map(([name, url]) => `${name}: ${url}`),
      '',
      words.noReply,
      '',
    ].join('\n'),
    html: page(language, { lead, head, facts, links, end: words.noReply }),
  };
}

function qualityText(language: MailLanguage, lot: SearchLot): string {
  const words = WORDS[language];
  const heat =
    lot.netCalorificValue === null
      ? []
      : [
          `${words.heat} ${roundHalfEven(convertEnergy(rational(lot.netCalorificValue), 'J/g', 'kcal/kg'))} kcal/kg`,
        ];
  const share = (name: string, value: string | null): string[] =>
    value === null ? [] : [`${name} ${value} %`];
  return [
    ...heat,
    ...share(words.moisture, lot.totalMoistureAr),
    ...share(words.ash, lot.ashAr),
    ...share(words.sulphur, lot.sulphurAr),
  ].join(' · ');
}

function priceText(language: MailLanguage, lot: SearchLot): string {
  return lot.price === null ? WORDS[language].byAuction : `${lot.price} ${lot.currency}/t`;
}

type Parts = {
  readonly lead: string;
  readonly head: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly links: readonly (readonly [string, string])[];
  readonly end: string;
};

function page(language: MailLanguage, { lead, head, facts, links, end }: Parts): string {
  const rows = facts
    .map(([name, value]) => `<tr><th align="left">${escaped(name)}</th><td>${escaped(value)}</td></tr>`)
    .join('');
  const list = links.map(([name, url]) => `<p><a href="${escaped(url)}">${escaped(name)}</a></p>`).join('');
  return (
    `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><body style="font-family:sans-serif">` +
    `<p>${escaped(lead)}</p><h1 style="font-size:18px">${escaped(head)}</h1>` +
    `<table cellpadding="4">${rows}</table>${list}<p style="color:#666">${escaped(end)}</p></body></html>`
  );
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
