import { groups } from './content.server.ts';
import type { PageServerLoad } from './$types';

const words = {
  en: { title: 'Glossary', text: 'One word, one meaning: on these pages, in contracts and in the API.' },
  zh: { title: '术语表', text: '一词一义：网页、合同和接口中用法一致。' },
} as const;

export const load: PageServerLoad = ({ locals }) => {
  const { locale } = locals;
  const other = locale === 'en' ? 'zh' : 'en';
  return {
    ...words[locale],
    groups: groups.map((group) => ({
      id: group.id,
      title: group[locale],
      terms: group.terms.map((term) => ({
        word: term[locale],
        other: term[other],
        text: locale === 'en' ? term.enText : term.zhText,
      })),
    })),
    otherLang: other === 'zh' ? 'zh-CN' : 'en',
  };
};
