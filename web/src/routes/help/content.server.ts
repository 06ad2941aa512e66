/** The help page's text. On the server only: no script carries both languages of it. */
import type { Locale } from '#lib/i18n/dictionary.ts';

export type HelpStep = { title: string; producer?: string; buyer?: string; centre?: string; note?: string };
export type Help = {
  title: string;
  lead: string;
  who: { producer: string; buyer: string; centre: string; everyone: string };
  stepsTitle: string;
  steps: readonly HelpStep[];
  questionsTitle: string;
  questions: readonly { question: string; answer: string }[];
};

const en: Help = {
  title: 'How a trade works',
  lead: 'One lot of coal, from the first form to the last payment. Each step says who acts; the exchange shows the same on the page of the trade and tells you when it is your turn.',
  who: { producer: 'Producer', buyer: 'Buyer', centre: 'Centre', everyone: 'Good to know' },
  stepsTitle: 'The seven steps',
  steps: [
    {
      title: 'Become a member',
      producer:
        'Register the company with its credit code or LEI, its bank account, and the people who may trade, sign and pay.',
      buyer: 'The same. One company may both sell and buy.',
      centre:
        'Checks the documents and certifies the company. The bank confirms the account; until then nothing can be traded.',
    },
    {
      title: 'Make a signing key',
      producer:
        'The person who signs makes a key in the browser and protects it with a passphrase. The centre issues a certificate for it.',
      buyer: 'The same.',
      note: 'The key never leaves the browser. Make a backup when you are asked to: nobody can restore a lost passphrase.',
    },
    {
      title: 'Offer or ask',
      producer:
        'Publish a lot: mine, quality with basis and unit for each value, tonnes, place, window, and a price or a start price. Values that contradict each other are flagged before you publish.',
      buyer:
        'Search lots, or publish a request with the limits you can accept. The exchange names the lots that fit, best first, and says why.',
      note: 'A lot with a fixed price can be taken at once. Otherwise it goes to auction.',
    },
    {
      title: 'Bid',
      producer: 'Choose the time, the bid increment and the bid security. From then on the lot is held.',
      buyer:
        'Put up the bid security, then bid a price per tonne for the tonnes you want. A bid is binding and cannot be taken back.',
      centre: 'Runs the auction by its published rules. Nobody can move the clock by hand.',
      note: 'A bid counts when it has reached the exchange and was stored: the answer shows its place in the journal. A bid in the last minutes that changes the standing moves the close, so waiting for the last second gains nothing. Losers get their security back at once.',
    },
    {
      title: 'Sign the contract',
      producer:
        'Signs first. Your browser checks that the contract says what the auction decided, and only then asks for the passphrase.',
      buyer: 'Signs second, in the same way.',
      centre: 'Signs last; the contract is now in force.',
      note: 'The contract is a PDF in Chinese and English. Anyone can verify it on this site or with any PDF reader that knows signatures.',
    },
    {
      title: 'Pay and deliver',
      producer: 'Load the coal against the delivery order. Every truck shows a pickup pass with a QR code.',
      buyer: 'Pay the provisional amount into escrow; then the delivery order is issued.',
      centre:
        'Holds the money with the bank. It goes neither to the seller nor back to you before the trade is settled.',
      note: 'Weighbridge tickets give gross, tare and net weight. What was delivered beyond the order is refused at the gate.',
    },
    {
      title: 'Settle',
      producer: 'Is paid by the bank when the final invoice stands.',
      buyer: 'Gets the difference back, or pays it.',
      centre:
        'Takes the certificate of analysis, adjusts the price by the quality clause of the contract, and writes the final invoice.',
      note: 'Each number of the invoice can be followed to the ticket, the analysis and the clause that gave it. At the end both sides rate the trade.',
    },
  ],
  questionsTitle: 'Questions that come up',
  questions: [
    {
      question: 'My money arrived a day late because of the bank. Do I lose my security?',
      answer:
        'No. What counts is the value date that the bank reports. If it is late even so, there is a time to cure it, and a person decides, not a timer.',
    },
    {
      question: 'The coal is worse than described. Must I take it?',
      answer:
        'Each lot states rejection limits. Outside them you may refuse; inside them the price follows the analysis by the clause you signed. If you doubt the analysis, the referee sample decides.',
    },
    {
      question: 'My connection broke during the auction. What happened to my bid?',
      answer:
        'Open the page again: it shows whether the exchange has stored your bid. A bid without an answer is looked up by its own number, never sent twice.',
    },
    {
      question: 'My clock is wrong.',
      answer:
        'It does not matter. Every countdown follows the server’s clock, and only the server decides whether a bid was in time.',
    },
    {
      question: 'Can the other bidders see who I am?',
      answer:
        'Not during the auction: they see price, tonnes and rank. Afterwards the record of the auction is published by its rules.',
    },
  ],
};

const zh: Help = {
  title: '交易流程',
  lead: '一批煤炭，从第一张表到最后一笔款。每一步都注明由谁办理；交易页面会同样显示，并在轮到您时通知您。',
  who: { producer: '卖方', buyer: '买方', centre: '交易中心', everyone: '须知' },
  stepsTitle: '七个步骤',
  steps: [
    {
      title: '成为会员',
      producer: '登记企业统一社会信用代码或 LEI、银行账户，以及有权交易、签字和付款的人员。',
      buyer: '相同。一家企业既可卖也可买。',
      centre: '审核材料并认证企业。银行确认账户之后才能交易。',
    },
    {
      title: '生成签名密钥',
      producer: '签字人在浏览器中生成密钥并设置口令，交易中心为其颁发证书。',
      buyer: '相同。',
      note: '密钥从不离开浏览器。请按提示备份：口令丢失后无人能够恢复。',
    },
    {
      title: '挂牌或求购',
      producer:
        '发布货源：矿山、每项注明基准和单位的煤质、吨数、地点、期限，以及一口价或起拍价。相互矛盾的数值会在发布前标出。',
      buyer: '搜索货源，或发布求购并写明可接受的指标。交易所按匹配程度列出货源并说明理由。',
      note: '一口价货源可直接成交，其余进入竞价。',
    },
    {
      title: '竞价',
      producer: '确定时间、加价幅度和保证金。此后该货源被锁定。',
      buyer: '缴纳保证金，然后按所需吨数报每吨价格。出价具有约束力，不可撤回。',
      centre: '按公布的规则组织竞价。任何人都不能人工改动时钟。',
      note: '出价到达交易所并存档后生效，回执标明其在日志中的位置。末段时间内改变排名的出价会延长截止时间，等到最后一秒没有好处。未中标者的保证金立即退还。',
    },
    {
      title: '签署合同',
      producer: '首先签署。浏览器先核对合同与竞价结果一致，然后才要求输入口令。',
      buyer: '随后以同样方式签署。',
      centre: '最后签署，合同生效。',
      note: '合同为中英文 PDF。任何人都可以在本站或用支持电子签名的 PDF 软件验证。',
    },
    {
      title: '付款与交收',
      producer: '凭提货单装车。每辆车出示带二维码的提货凭证。',
      buyer: '将预付款存入监管账户，随后签发提货单。',
      centre: '由银行监管资金。结算之前，资金既不付给卖方，也不退还买方。',
      note: '过磅单载明毛重、皮重和净重。超出提货单的数量在门口即被拒绝。',
    },
    {
      title: '结算',
      producer: '最终发票确定后由银行付款。',
      buyer: '多退少补。',
      centre: '接收化验报告，按合同的质量条款调整价格，开具最终发票。',
      note: '发票上的每个数字都能追溯到过磅单、化验报告和相应条款。最后双方互相评价。',
    },
  ],
  questionsTitle: '常见问题',
  questions: [
    {
      question: '因银行原因款项晚到一天，保证金会被没收吗？',
      answer: '不会。以银行报告的起息日为准。即使确实迟到，也有补救期限，并由人员决定，而不是由计时器决定。',
    },
    {
      question: '煤质低于描述，必须接收吗？',
      answer:
        '每个货源都写明拒收限。超出拒收限可以拒收；在限内则价格按您签署的条款随化验结果调整。对化验有异议时以仲裁样为准。',
    },
    {
      question: '竞价中网络中断，我的出价怎么样了？',
      answer: '重新打开页面即可看到交易所是否已存档。没有收到回执的出价按其编号查询，绝不会重复提交。',
    },
    {
      question: '我的电脑时间不准。',
      answer: '没有影响。所有倒计时以服务器时间为准，出价是否及时也只由服务器判定。',
    },
    {
      question: '其他竞价人能看到我是谁吗？',
      answer: '竞价期间不能：只能看到价格、吨数和排名。竞价结束后按规则公布记录。',
    },
  ],
};

export const help: Record<Locale, Help> = { en, zh };
