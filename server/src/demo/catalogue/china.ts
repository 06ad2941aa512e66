/** China: who sells, from which mines, over which ports and stations. */
import { chinaLots } from './china-lots.ts';
import type { DemoRegion } from './types.ts';

const producers: DemoRegion['producers'] = [
  {
    key: 'shenmu',
    kind: 'producer',
    demo: true,
    country: 'CN',
    currency: 'CNY',
    name: 'Shenmu Kuye River Coal (Demo) Co., Ltd.',
    nameZh: '神木窟野河煤业（演示）有限公司',
    legalId: '91610881DEMA00013A',
    address: 'Binhe Road, Shenmu, Shaanxi',
    addressZh: '陕西省神木市滨河路',
  },
  {
    key: 'jungar',
    kind: 'producer',
    demo: true,
    country: 'CN',
    currency: 'CNY',
    name: 'Jungar Loess Energy (Demo) Co., Ltd.',
    nameZh: '准格尔黄土能源（演示）有限公司',
    legalId: '91150622DEMA00021B',
    address: 'Xuejiawan, Jungar Banner, Ordos, Inner Mongolia',
    addressZh: '内蒙古鄂尔多斯市准格尔旗薛家湾镇',
  },
  {
    key: 'taihang',
    kind: 'producer',
    demo: true,
    country: 'CN',
    currency: 'CNY',
    name: 'Taihang Mountain Coal (Demo) Co., Ltd.',
    nameZh: '太行山煤炭（演示）有限公司',
    legalId: '91140200DEMA0003XE',
    address: 'Yungang District, Datong, Shanxi',
    addressZh: '山西省大同市云冈区',
  },
  {
    key: 'hulunbuir',
    kind: 'producer',
    demo: true,
    country: 'CN',
    currency: 'CNY',
    name: 'Hulunbuir Steppe Lignite (Demo) Co., Ltd.',
    nameZh: '呼伦贝尔草原褐煤（演示）有限公司',
    legalId: '91150700DEMA000567',
    address: 'Hailar District, Hulunbuir, Inner Mongolia',
    addressZh: '内蒙古呼伦贝尔市海拉尔区',
  },
];

const mine = (
  key: string,
  name: string,
  nameZh: string,
  region: string,
  regionZh: string,
  latitude: number,
  longitude: number,
) => ({ key, name, nameZh, region, regionZh, country: 'CN', latitude, longitude });

const mines: DemoRegion['mines'] = [
  mine('daliuta', 'Daliuta', '大柳塔煤矿', 'Shaanxi', '陕西', 39.26, 110.23),
  mine('hongliulin', 'Hongliulin', '红柳林煤矿', 'Shaanxi', '陕西', 38.94, 110.4),
  mine('baijigou', 'Baijigou', '白芨沟煤矿', 'Ningxia', '宁夏', 39.12, 106.14),
  mine('bulianta', 'Bulianta', '补连塔煤矿', 'Inner Mongolia', '内蒙古', 39.35, 110.17),
  mine('haerwusu', 'Haerwusu', '哈尔乌素露天煤矿', 'Inner Mongolia', '内蒙古', 39.73, 111.26),
  mine('heidaigou', 'Heidaigou', '黑岱沟露天煤矿', 'Inner Mongolia', '内蒙古', 39.79, 111.25),
  mine('wucaiwan', 'Wucaiwan', '五彩湾露天煤矿', 'Xinjiang', '新疆', 44.78, 89.1),
  mine('antaibao', 'Antaibao', '安太堡露天煤矿', 'Shanxi', '山西', 39.47, 112.31),
  mine('tashan', 'Tashan', '塔山煤矿', 'Shanxi', '山西', 39.92, 113.07),
  mine('sihe', 'Sihe', '寺河煤矿', 'Shanxi', '山西', 35.6, 112.52),
  mine('tunlan', 'Tunlan', '屯兰煤矿', 'Shanxi', '山西', 37.9, 112.11),
  mine('dongtan', 'Dongtan', '东滩煤矿', 'Shandong', '山东', 35.44, 116.9),
  mine('baorixile', 'Baorixile', '宝日希勒露天煤矿', 'Inner Mongolia', '内蒙古', 49.39, 119.75),
  mine('yimin', 'Yimin', '伊敏露天煤矿', 'Inner Mongolia', '内蒙古', 48.59, 119.76),
  mine('shengli', 'Shengli No. 1', '胜利一号露天煤矿', 'Inner Mongolia', '内蒙古', 44, 116.01),
];

const place = (
  key: string,
  kind: 'port' | 'station',
  name: string,
  nameZh: string,
  latitude: number,
  longitude: number,
) => ({ key, kind, name, nameZh, country: 'CN', latitude, longitude });

const places: DemoRegion['places'] = [
  place('qinhuangdao', 'port', 'Qinhuangdao', '秦皇岛港', 39.93, 119.61),
  place('caofeidian', 'port', 'Caofeidian', '曹妃甸港', 38.93, 118.52),
  place('jingtang', 'port', 'Jingtang', '京唐港', 39.21, 119.01),
  place('huanghua', 'port', 'Huanghua', '黄骅港', 38.32, 117.88),
  place('rizhao', 'port', 'Rizhao', '日照港', 35.38, 119.55),
  place('guangzhou', 'port', 'Guangzhou Xinsha', '广州新沙港', 22.9, 113.55),
  place('daliuta_station', 'station', 'Daliuta station', '大柳塔站', 39.28, 110.21),
  place('xuejiawan', 'station', 'Xuejiawan station', '薛家湾站', 39.86, 111.19),
  place('hudong', 'station', 'Hudong station, Datong', '大同湖东站', 40.05, 113.4),
  place('xilinhot', 'station', 'Xilinhot station', '锡林浩特站', 43.96, 116.05),
];

export const china: DemoRegion = { producers, mines, places, lots: chinaLots };
