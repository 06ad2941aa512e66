import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CLAUSES, EDITIONS, clauseAt, clauseSha256, clausesOfTemplate, librarySha256 } from './library.ts';
import { contractTerms } from './make.ts';
import { FORMULA_AWARD, LATER_AWARD, SAMPLE_AWARDS, STEPS_AWARD } from './testing/sample-awards.ts';
import { clauseTexts } from './text.ts';

/**
 * What is published. A contract names these hashes, so none may ever change: for another wording add a
 * clause with the next version beside the old one, an edition that uses it, and a line here.
 */
const PUBLISHED_EDITIONS: Record<number, string> = {
  '1': '70f23caac909f41669bc9811700ee563f1b9da914ec88c382bceae32cde7a5e1',
  '2': 'fb51c3b18d2a44856b4e034fc673a2e1a6285993cbe1e0b63f2c47e8f27fd16e',
  '3': '112ef89eec2a22acfd9938b78e75bd250ab7eaf95a6bb9b0e94d1fd4c977fd00',
  '4': 'b926fab40d09133e42a2103b08ad627264a117c6c3ac85cc7cd1e2ac14931d48',
  '5': 'b4d0e142bf7d36134c941e7ef355437ca4cc29479ef796d2479266b555a85be3',
  '6': 'f9ee2900825d750eadf718a742d40300b319612411ba41276e5ba5f1b2fe2aa6',
};
const PUBLISHED_CLAUSES: Record<string, string> = {
  'parties@1': '293403158af1c2ea993e7c9fd73020ae9fe6adabf6c52746e134efd294a7b386',
  'goods@1': '9798bee986bb71d780e438ff7ab3cc70630332c238cde47ce56fe970824a256f',
  'quantity@1': '7127b18246f2fab3568e779a8471ef0a074f57807f239f83c53eae344e99eb27',
  'price_fixed@1': 'f31b8556e5c8da6d6b1dc75cbf8028c26d1dca2aa5f72efcebca854128036121',
  'price_formula@1': 'f31461b98b03f7d1434563e503b5f5d2ca4069b16e677240773f76474cac7d6b',
  'price_index@1': '8c954879ae4b663d6eb07193ead6c74577396caeb834f38c09380a6c3c2e2766',
  'quality@1': '75705c66ded22f0465b9d37e01360df80a219b4a08c76a799bb1d7504ee5d103',
  'call_off@2': '85c5ac54dcd509afbe8b6f9486c3d37dc48e17ee908a259477c423eeff0f2429',
  'price_later@1': '83ddfb52a7a2da54711b7163eadd43be228e3d05d4efc7f71831a87c98712c06',
  'price_steps@1': '1e919088eeff2a06c353919ecb7ab435a4f54f7bc4f1d5987562d0602dc1732a',
  'delivery@2': 'a9e8391d0efc141aea65f53555496f9ac230d2a06252b815beee6d75409b4778',
  'carriage@1': '19827523270e32fecd9ab080dbd882b7e7e88bbd7efeb6ff5adec0cb9f778537',
  'fulfilment@1': 'fcdb4a5b6d330df2540dd7ab59b511a7f460d36f61ba923ee73ee8dfb9f2cd22',
  'delivery@1': '989d962ed6535c7cb989237be8821510b898dc2794b625d63db43c7416b40298',
  'call_off@1': '8c97b38848ba480032b6abc3dfcce8956370eb4a99d873ea14cb7aed82dfd720',
  'inspection@1': 'db2245ae8bba796d5424df9d577b87ef7c3e53a7447cb9b43d935560854d6acf',
  'payment@1': '4fa322d749acf3aacaa42883465223b656029cd5d74b38c1fb429aa4a2e04d55',
  'payment@2': '8aae301421a3cc48f40c8e7cf962772a970b687c4962981ccff333e579017aa4',
  'fees@1': '13d6348fcbbc2094dc9cb6683ab9580aa9985d966eda8a540c09679b1e38ba0f',
  'fees@2': '3e4582193fc36e791353b4c7f737a1402b6d934d5edd054761a61860fddf4a22',
  'security@1': 'd852e4167b73754983f303dd44b6539f7e9fd41f326e11162105ebc6b4f84268',
  'bond@1': '7c62074c237e85890764701e33ea01dec6cd044f01445a3b97391642dd347664',
  'order_book@1': '17bf69538d1d283ff04f1ab966e252c557770769314116f75b4a9b7c9c023f70',
  'force_majeure@1': 'a378977e610060b3ce144e740ad3ce196917af2271fb8334b5a3fe9c26d0e29f',
  'disputes@1': '95cb5064fbc7a2250477a3cc818f1cba970294977de7d76ff4ca99eceaa6d2e3',
  'general@1': '1d9a35fb890f4475f73992c1e40edfd625f6df500d7ce6f057545d753166563f',
};
/** Of texts written from the same awards for ever: pins how values are written, too. */
const PUBLISHED_TEXTS = '456a12320d88968d8700ac2df48ba429209da51d6affb9c871d32569ec0d8fb2';

describe('the clause library', () => {
  it('keeps every published edition, clause and wording as it was', () => {
    const clauses = CLAUSES.map((clause) => [`${clause.id}@${clause.version}`, clauseSha256(clause)]);
    expect(Object.fromEntries(clauses)).toEqual(PUBLISHED_CLAUSES);
    const editions = EDITIONS.map((edition) => [edition.edition, librarySha256(edition)]);
    expect(Object.fromEntries(editions)).toEqual(PUBLISHED_EDITIONS);
  });

  it('writes the same values in the same words as ever', () => {
    const digest = createHash('sha256');
    for (const award of SAMPLE_AWARDS)
      digest.update(JSON.stringify(clauseTexts(contractTerms({ ...award, edition: 1 }))));
    expect(digest.digest('hex')).toBe(PUBLISHED_TEXTS);
  });

  it('tells apart any two wordings', () => {
    const [clause] = CLAUSES;
    const [first, ...rest] = clause!.paragraphs;
    const reworded = { ...clause!, paragraphs: [{ ...first!, en: `${first!.en} ` }, ...rest] };
    expect(clauseSha256(reworded)).not.toBe(clauseSha256(clause!));
  });

  it('has a sample of every clause there is', () => {
    const old = SAMPLE_AWARDS.map((award) => ({ ...award, edition: 1 }));
    const sampled = [...old, ...SAMPLE_AWARDS, FORMULA_AWARD, STEPS_AWARD, LATER_AWARD].flatMap(
      (award) => contractTerms(award).template.clauses,
    );
    const name = ({ id, version }: { id: string; version: number }) => `${id}@${version}`;
    expect(new Set(sampled.map(name))).toEqual(new Set(CLAUSES.map(name)));
  });

  it('has each version of a clause once, and in every template only clauses that are written for it', () => {
    const names = CLAUSES.map(({ id, version }) => `${id}@${version}`);
    expect(new Set(names).size).toBe(names.length);
    for (const template of EDITIONS.flatMap((edition) => edition.templates))
      for (const clause of clausesOfTemplate(template, { price: 'price_fixed' })) {
        expect(clauseAt(clause.id, clause.version)).toBe(clause);
        expect(clause.appliesTo).toContain(template.kind);
      }
  });

  it('names every parameter of a clause in both of its texts, and nothing else', () => {
    for (const clause of CLAUSES) {
      const paths = clause.parameters.map((parameter) => parameter.path);
      for (const language of ['zh', 'en'] as const) {
        const text = clause.paragraphs.map((paragraph) => paragraph[language]).join(' ');
        const named = [...text.matchAll(/\{([\w.]+)\}/g)]
          .map(([, path]) => path)
          .filter((path) => path !== 'total');
        expect([clause.id, language, [...new Set(named)].toSorted()]).toEqual([
          clause.id,
          language,
          paths.toSorted(),
        ]);
      }
    }
  });

  it('is written in straight quotes and without control characters', () => {
    for (const clause of CLAUSES)
      for (const paragraph of clause.paragraphs) {
        expect(paragraph.en).not.toMatch(/[\u2018-\u201d\u3000-\u9fff]/);
        expect(paragraph.zh + paragraph.en).not.toMatch(/\p{Cc}/u);
      }
  });
});
