import { dictionary } from './dictionary.ts';

export const login = dictionary({
  en: {
    title: 'Log in',
    text: 'With the account that your company’s administrator made for you.',
    email: 'E-mail',
    password: 'Password',
    submit: 'Log in',
    noAccount: 'Your company is not a member yet?',
    register: 'Register a company',
    already: 'You are logged in as {name}.',
    goOn: 'Go on',
    demoTitle: 'Demo logins',
    demoText:
      'This is a demo exchange: its start printed the logins of a producer, two buyers and the centre.',
    safetyTitle: 'Before you type your password',
    safety1: 'Look at the address of this page: the centre never asks for a password by e-mail or telephone.',
    safety2:
      'Your signing key never leaves your browser; the exchange does not know its passphrase and cannot reset it.',
  },
  zh: {
    title: '登录',
    text: '请使用贵公司管理员为您开设的账户。',
    email: '邮箱',
    password: '密码',
    submit: '登录',
    noAccount: '贵公司还不是会员？',
    register: '注册企业',
    already: '您已以 {name} 的身份登录。',
    goOn: '继续',
    demoTitle: '演示账户',
    demoText: '这是演示交易所：启动时已显示一家卖方、两家买方和交易中心的登录信息。',
    safetyTitle: '输入密码之前',
    safety1: '请核对本页网址：交易中心从不通过邮件或电话索取密码。',
    safety2: '您的签名私钥从不离开浏览器；交易所不知道其口令，也无法重置。',
  },
});
