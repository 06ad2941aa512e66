/**
 * The columns of a file of lots: which headings mean them, in English and Chinese, and as laboratories write them
 * (Mt, Aad, Vdaf, St,d, Qnet,ar). A heading may carry the basis of its values; it then needs no column of its own.
 */
import type { Basis } from '@seam/coal';

export const COLUMNS = {
  channel: ['channel', '销售渠道', '渠道'],
  trading_day: ['trading_day', '交易日'],
  session_id: ['session_id', '专场编号', '专场'],
  month_split: ['month_split', '月度分配', '分月数量'],
  mine_id: ['mine_id', '煤矿编号'],
  mine: ['mine', 'mine_name', '煤矿', '矿名', '矿点'],
  mine_zh: ['mine_zh', 'mine_name_zh', '煤矿中文名'],
  country: ['country', '国家'],
  region: ['region', 'province', '省份', '省区', '地区', '产地'],
  latitude: ['latitude', 'lat', '纬度'],
  longitude: ['longitude', 'lon', 'lng', '经度'],
  rank: ['rank', 'coal_rank', '煤种', '煤类'],
  quantity: ['quantity', 'quantity_t', 'tonnes', '数量', '数量吨', '吨数'],
  total_moisture: ['total_moisture', 'mt', '全水', '全水分'],
  inherent_moisture: ['inherent_moisture', 'mad', '内水', '空干基水分', '分析水'],
  ash: ['ash', '灰分', '灰份'],
  ash_basis: ['ash_basis', '灰分基准'],
  volatile: ['volatile', 'volatile_matter', '挥发分', '挥发份'],
  volatile_basis: ['volatile_basis', 'volatile_matter_basis', '挥发分基准'],
  sulphur: ['sulphur', 'sulfur', '硫分', '全硫'],
  sulphur_basis: ['sulphur_basis', 'sulfur_basis', '硫分基准', '全硫基准'],
  calorific_value: ['calorific_value', 'cv', '发热量', '热值'],
  calorific_unit: ['calorific_unit', 'cv_unit', '发热量单位', '热值单位'],
  calorific_kind: ['calorific_kind', 'cv_kind', '发热量类别', '高低位'],
  calorific_basis: ['calorific_basis', 'cv_basis', '发热量基准'],
  fixed_carbon: ['fixed_carbon', 'fc', '固定碳'],
  fixed_carbon_basis: ['fixed_carbon_basis', '固定碳基准'],
  hydrogen: ['hydrogen', '氢', '氢含量'],
  hydrogen_basis: ['hydrogen_basis', '氢基准'],
  also_ash: ['also_ash', '灰分另列'],
  also_volatile: ['also_volatile', '挥发分另列'],
  also_sulphur: ['also_sulphur', 'also_sulfur', '全硫另列'],
  also_calorific_value: ['also_calorific_value', 'also_cv', '发热量另列'],
  ash_deformation: ['ash_deformation', 'deformation_temperature', 'dt', '灰变形温度', '变形温度'],
  ash_softening: ['ash_softening', 'softening_temperature', '灰软化温度', '软化温度'],
  ash_atmosphere: ['ash_atmosphere', '灰熔融性气氛', '气氛'],
  hgi: ['hgi', 'hardgrove_index', '可磨性', '哈氏可磨性指数'],
  size_min: ['size_min', 'size_min_mm', '粒度下限'],
  size_max: ['size_max', 'size_max_mm', '粒度上限'],
  currency: ['currency', '币种'],
  sale_method: ['sale_method', '销售方式', '交易方式'],
  price: ['price', 'price_per_tonne', '价格', '单价'],
  start_price: ['start_price', '起拍价', '起始价'],
  delivery_term: ['delivery_term', 'incoterm', '交货方式', '交货条件'],
  delivery_place: ['delivery_place', '交货地', '交货地点'],
  load_place: ['load_place', '装货地', '发货地', '装车地点'],
  window_from: ['window_from', '交货开始', '交货期起'],
  window_to: ['window_to', '交货结束', '交货期止'],
  transport: ['transport', '运输方式'],
  valid_until: ['valid_until', '有效期至', '有效期'],
  note: ['note', 'remarks', '备注'],
} as const satisfies Record<string, readonly string[]>;
export type Column = keyof typeof COLUMNS;

/** Without one of these no lot can be made of any row. */
export const NEEDED = [
  'rank',
  'quantity',
  'total_moisture',
  'ash',
  'sulphur',
  'calorific_value',
  'window_from',
  'window_to',
  'transport',
] as const satisfies readonly Column[];

export type Heading = {
  readonly column: Column;
  /** What the heading itself says about its values. */
  readonly basis?: Basis;
  readonly kind?: 'gross' | 'net';
};

const BY_NAME = new Map<string, Column>(
  Object.entries(COLUMNS).flatMap(([column, names]) => names.map((name) => [name, column as Column])),
);

/** Symbols of the standards: Aad, Ad, Vdaf, St,d, Qnet,ar, Qgr,ad. */
type QualitySymbol = readonly [pattern: RegExp, column: Column, kind?: 'gross' | 'net'];
const SYMBOLS: readonly QualitySymbol[] = [
  [/^a(ar|ad|d)$/, 'ash'],
  [/^v(ar|ad|d|daf)$/, 'volatile'],
  [/^s(?:t)?(ar|ad|d|daf)$/, 'sulphur'],
  [/^fc(ar|ad|d|daf)$/, 'fixed_carbon'],
  [/^h(ar|ad|d|daf)$/, 'hydrogen'],
  [/^q(?:net|低)(?:v|p)?(ar|ad|d)$/, 'calorific_value', 'net'],
  [/^q(?:gr|高)(?:v|p)?(ar|ad|d|daf)$/, 'calorific_value', 'gross'],
];
const BASIS_WORDS: Readonly<Record<string, Basis>> = {
  ar: 'ar',
  ad: 'ad',
  d: 'd',
  daf: 'daf',
  收到基: 'ar',
  空干基: 'ad',
  空气干燥基: 'ad',
  干基: 'd',
  干燥基: 'd',
  干燥无灰基: 'daf',
};

/** Undefined: a heading nobody knows; its values are left out. */
export function readHeading(text: string): Heading | undefined {
  const plain = text.normalize('NFKC').trim().toLowerCase();
  // "灰分(ad) %", "Ash [d], %": what stands in brackets is a basis or a unit.
  const inside = [...plain.matchAll(/[([]([^)\]]*)[)\]]/g)].map((match) => match[1]!.trim());
  const name = plain.replaceAll(/[([][^)\]]*[)\]]/g, '').replaceAll(/[%\s]+$/g, '');
  const word = name.replaceAll(/[\s-]+/g, '_').replaceAll(/[.,_]+$/g, '');
  const basis = inside.map((part) => BASIS_WORDS[part]).find((one) => one !== undefined);
  const column = BY_NAME.get(word);
  if (column) return { column, ...(basis && { basis }) };
  const symbol = name.replaceAll(/[\s,._]/g, '');
  for (const [pattern, of, kind] of SYMBOLS) {
    const found = pattern.exec(symbol)?.[1];
    if (found) return { column: of, basis: BASIS_WORDS[found]!, ...(kind && { kind }) };
  }
  return undefined;
}

export type Header = {
  readonly width: number;
  /** By place in the row; undefined where nobody knows the heading. */
  readonly headings: readonly (Heading | undefined)[];
  readonly places: ReadonlyMap<Column, number>;
};
export type HeaderFault = { readonly missing: readonly string[]; readonly twice: readonly string[] };

export function readHeader(fields: readonly string[]): Header | HeaderFault {
  const headings = fields.map(readHeading);
  const columns = headings.flatMap((heading) => heading?.column ?? []);
  const missing = NEEDED.filter((column) => !columns.includes(column));
  const twice = [...new Set(columns.filter((column, index) => columns.indexOf(column) !== index))];
  if (!columns.includes('mine') && !columns.includes('mine_id')) (missing as string[]).push('mine');
  if (missing.length > 0 || twice.length > 0) return { missing, twice };
  const places = headings.flatMap((heading, at): [Column, number][] =>
    heading ? [[heading.column, at]] : [],
  );
  return { width: fields.length, headings, places: new Map(places) };
}
