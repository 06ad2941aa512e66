/** The words of contracts issued before there was a library: kept to read them, never to issue another. */
import { formatMoney, formatTonnes } from '@seam/units';
import type { FirstTerms } from './terms.ts';

export type Clause = {
  readonly title: { zh: string; en: string };
  readonly paragraphs: readonly { zh: string; en: string }[];
};

const TERMS_ZH: Record<string, string> = {
  ex_mine: '坑口交货',
  fob: '离岸价（平仓）',
  fca: '货交承运人（车板）',
  cif: '到岸价',
  cfr: '成本加运费',
  for_rail: '铁路车板交货',
};
const TRANSPORT_ZH: Record<string, string> = { road: '公路', rail: '铁路', sea: '海运', river: '内河' };
const RANK_ZH: Record<string, string> = {
  anthracite: '无烟煤',
  coking: '炼焦煤',
  bituminous: '烟煤',
  sub_bituminous: '次烟煤',
  lignite: '褐煤',
  waste: '煤矸石',
};
const PARAMETER_ZH: Record<string, string> = {
  calorificValue: '发热量',
  ash: '灰分',
  sulphur: '全硫',
  totalMoisture: '全水分',
};
const PARAMETER_EN: Record<string, string> = {
  calorificValue: 'calorific value',
  ash: 'ash',
  sulphur: 'total sulphur',
  totalMoisture: 'total moisture',
};

export function firstEditionClauses(terms: FirstTerms): Clause[] {
  return [
    goods(terms),
    price(terms),
    quality(terms),
    delivery(terms),
    inspection(terms),
    payment(terms),
    general(terms),
  ];
}

const money = (minor: string, currency: string): string => `${currency} ${formatMoney(BigInt(minor))}`;
const percent = (basisPoints: number): string => `${(basisPoints / 100).toFixed(2)} %`;

function goods({ goods: lot, quantityKg, toleranceBasisPoints, origin }: FirstTerms): Clause {
  const tonnes = formatTonnes(BigInt(quantityKg));
  const size = lot.assay.size ? `${lot.assay.size.minMm}–${lot.assay.size.maxMm} mm` : '–';
  return {
    title: { zh: '标的与数量', en: 'Goods and quantity' },
    paragraphs: [
      {
        zh: `卖方出售、买方购买产自${lot.mine.nameZh ?? lot.mine.name}（${lot.mine.country}）的${RANK_ZH[lot.coalRank] ?? lot.coalRank}，粒度 ${size}，数量 ${tonnes} 吨，溢短装 ±${percent(toleranceBasisPoints)}。`,
        en: `The Seller sells and the Buyer buys ${lot.coalRank.replace('_', '-')} coal of ${lot.mine.name} (${lot.mine.country}), size ${size}, quantity ${tonnes} tonnes, tolerance ±${percent(toleranceBasisPoints)}.`,
      },
      {
        zh: `本合同依据平台成交记录订立：来源 ${origin.kind} ${origin.id}，成交 ${origin.saleId}。`,
        en: `This contract is made of a sale recorded on the exchange: origin ${origin.kind} ${origin.id}, sale ${origin.saleId}.`,
      },
    ],
  };
}

function price({ pricePerTonne, currency, quantityKg }: FirstTerms): Clause {
  const total = (BigInt(pricePerTonne) * BigInt(quantityKg) + 500n) / 1000n;
  return {
    title: { zh: '价格', en: 'Price' },
    paragraphs: [
      {
        zh: `基准单价为每吨 ${money(pricePerTonne, currency)}，按合同数量计总价 ${money(String(total), currency)}。最终价格按质量条款调整。`,
        en: `The base price is ${money(pricePerTonne, currency)} per tonne, ${money(String(total), currency)} for the contract quantity. The final price is adjusted by the quality clause.`,
      },
    ],
  };
}

function quality({ quality: clause }: FirstTerms): Clause {
  const lines = clause.rules.map((rule) => {
    const [tier] = rule.tiers;
    const basis = [rule.kind, rule.basis].filter(Boolean).join(', ');
    const limit = rule.reject?.below ?? rule.reject?.above ?? '–';
    const heat = rule.parameter === 'calorificValue';
    return {
      zh: `${PARAMETER_ZH[rule.parameter] ?? rule.parameter}（${basis}）：约定值 ${rule.reference} ${rule.unit}；${heat ? '单价按实测值与约定值之比增减' : `每超 1 个百分点，单价按 ${tier?.rate} % 调整，按比例计算`}；${heat ? '低于' : '高于'} ${limit} ${rule.unit} 时买方可拒收。`,
      en: `${PARAMETER_EN[rule.parameter] ?? rule.parameter} (${basis}): agreed ${rule.reference} ${rule.unit}; ${heat ? 'the price changes in the ratio of measured to agreed value' : `each point in excess changes the price by ${tier?.rate} %, pro rata`}; ${heat ? 'below' : 'above'} ${limit} ${rule.unit} the Buyer may refuse the delivery.`,
    };
  });
  return {
    title: { zh: '质量与价格调整', en: 'Quality and price adjustment' },
    paragraphs: [
      ...lines,
      {
        zh: '调整按附件中的条款数据精确计算，单价仅在最后四舍五入一次至最小货币单位。',
        en: 'The adjustment is computed exactly from the attached clause data; the unit price is rounded once, half up, to the minor unit.',
      },
    ],
  };
}

function delivery({ goods: lot }: FirstTerms): Clause {
  const place = { zh: lot.deliveryPlace.nameZh ?? lot.deliveryPlace.name, en: lot.deliveryPlace.name };
  return {
    title: { zh: '交货', en: 'Delivery' },
    paragraphs: [
      {
        zh: `交货条件：${TERMS_ZH[lot.deliveryTerm] ?? lot.deliveryTerm}，${place.zh}；运输方式：${TRANSPORT_ZH[lot.transport] ?? lot.transport}；交货期：${lot.windowFrom} 至 ${lot.windowTo}。货款托管到账后签发提货单，凭带签名二维码的提货证放行。`,
        en: `Delivery: ${lot.deliveryTerm.replace('_', '-')} ${place.en}, by ${lot.transport}, from ${lot.windowFrom} to ${lot.windowTo}. The delivery order is issued when the escrow is funded; coal leaves against a signed pickup pass.`,
      },
      {
        zh: '风险自过磅放行时转移。重量以交货地地磅净重为准。',
        en: 'Risk passes at gate-out. Weight is the net weight of the weighbridge at the place of delivery.',
      },
    ],
  };
}

function inspection({ inspection: rules }: FirstTerms): Clause {
  return {
    title: { zh: '检验', en: 'Inspection' },
    paragraphs: [
      {
        zh: `质量以装货地第三方化验证书为准；任何一方可在证书送达后 ${rules.challengeDays} 日内提出异议，由留样仲裁。`,
        en: `Quality is final by the third-party certificate of analysis at loading; either party may challenge it within ${rules.challengeDays} days, and the reserve sample then decides.`,
      },
    ],
  };
}

function payment({ payment: terms, fees, seller }: FirstTerms): Clause {
  return {
    title: { zh: '付款', en: 'Payment' },
    paragraphs: [
      {
        zh: `合同生效后 ${terms.provisionalWithinDays} 日内，买方将合同总价的 ${percent(terms.provisionalBasisPoints)} 存入平台托管账户。最终发票依重量与化验结果开具，差额多退少补；货款于最终发票后 ${terms.payoutWithinDays} 日内付至卖方账户 ${seller.bankAccount}。`,
        en: `Within ${terms.provisionalWithinDays} days of this contract becoming binding the Buyer pays ${percent(terms.provisionalBasisPoints)} of the contract value into escrow. The final invoice follows weight and analysis, differences are refunded or collected; the Seller is paid to account ${seller.bankAccount} within ${terms.payoutWithinDays} day of it.`,
      },
      {
        zh: `交易服务费为最终金额的 ${percent(fees.exchangeFeeBasisPoints)}，由卖方承担，另加税 ${percent(fees.taxOnFeeBasisPoints)}。`,
        en: `The exchange fee is ${percent(fees.exchangeFeeBasisPoints)} of the final amount, borne by the Seller, plus tax of ${percent(fees.taxOnFeeBasisPoints)} on it.`,
      },
    ],
  };
}

function general({ number }: FirstTerms): Clause {
  return {
    title: { zh: '一般条款', en: 'General terms' },
    paragraphs: [
      {
        zh: '本合同由卖方、买方和交易中心依次以各自持有的数字证书签署，三方签名均验证有效后生效。中英文文本具有同等效力。',
        en: 'This contract is signed in sequence by the Seller, the Buyer and the Centre, each with its own certificate, and binds once all three signatures verify. Both languages are equally authentic.',
      },
      {
        zh: `不可抗力期间相关义务中止。因合同 ${number} 产生的争议，先由交易中心调解，调解不成提交仲裁。`,
        en: `Duties are suspended during force majeure. Disputes under contract ${number} go to mediation by the Centre first, then to arbitration.`,
      },
    ],
  };
}
