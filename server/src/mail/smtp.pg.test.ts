/** Against a real SMTP server, for it is its answers that decide. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Letter } from './port.ts';
import { smtpMailer } from './smtp.ts';
import { type PostOffice, openPostOffice } from './testing/post-office.ts';

const letter: Letter = {
  to: 'anna@plant.example',
  key: 'search.mail:s1:l1:1',
  subject: '塔山 fits your search',
  text: 'A lot came to fit.',
  html: '<p>A lot came to fit.</p>',
  stopOnceUrl: 'https://seam.example/v1/search-mail/stop-once?token=abc',
};
const FROM = 'Seam <alerts@seam.example>';

let office: PostOffice | undefined;
afterEach(async () => {
  await office?.close();
  office = undefined;
});

describe('a letter', () => {
  it('arrives with both texts, its language’s letters, and the link that stops it', async () => {
    office = await openPostOffice();
    expect(await smtpMailer({ url: office.url, from: FROM }).send(letter)).toEqual({ sent: true });
    const [mail] = office.received;
    expect(mail).toMatchObject({ from: 'alerts@seam.example', to: ['anna@plant.example'] });
    expect(mail!.headers['list-unsubscribe']).toBe(`<${letter.stopOnceUrl}>`);
    expect(mail!.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
    expect(mail!.headers['auto-submitted']).toBe('auto-generated');
    expect(mail!.raw).toContain('text/plain');
    expect(mail!.raw).toContain('text/html');
  });

  it('promises no stop by one click where it is not reached by https, or cannot be stopped', async () => {
    office = await openPostOffice();
    const mailer = smtpMailer({ url: office.url, from: FROM });
    const { stopOnceUrl, ...lasting } = letter;
    await mailer.send({ ...letter, stopOnceUrl: stopOnceUrl!.replace('https:', 'http:') });
    await mailer.send(lasting);
    for (const { headers } of office.received) expect(headers).not.toHaveProperty('list-unsubscribe-post');
    expect(office.received[1]!.headers).not.toHaveProperty('list-unsubscribe');
  });

  it('has the same Message-ID each time it is sent, and no other letter has it', async () => {
    office = await openPostOffice();
    const mailer = smtpMailer({ url: office.url, from: FROM });
    for (const key of [letter.key, letter.key, 'search.mail:s1:l1:2']) await mailer.send({ ...letter, key });
    const ids = office.received.map(({ headers }) => headers['message-id']);
    expect(ids[0]).toMatch(/^<[0-9a-f]{32}@seam\.example>$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('cannot bring headers of its own', async () => {
    office = await openPostOffice();
    await smtpMailer({ url: office.url, from: FROM }).send({
      ...letter,
      subject: 'x\r\nBcc: eve@evil.example\r\n\r\nbody',
    });
    expect(office.received[0]!.headers).not.toHaveProperty('bcc');
    expect(office.received[0]!.to).toEqual(['anna@plant.example']);
  });

  it.each([
    ['recipient', 550, 'mailbox unknown'],
    ['content', 554, 'message looks like spam'],
  ] as const)('is refused for good when the server will never take its %s', async (at, code, words) => {
    office = await openPostOffice({ at, code, words });
    const answer = await smtpMailer({ url: office.url, from: FROM }).send(letter);
    expect(answer).toEqual({ refused: expect.stringContaining(words) });
  });

  it.each([
    ['recipient', 450, 'greylisted'],
    ['content', 451, 'try later'],
    ['sender', 421, 'closing'],
  ] as const)('waits for another try when the server cannot take its %s now', async (at, code, words) => {
    office = await openPostOffice({ at, code, words });
    await expect(smtpMailer({ url: office.url, from: FROM }).send(letter)).rejects.toThrow(words);
  });

  it('waits for another try when the name and password are wrong: the letter is not to blame', async () => {
    office = await openPostOffice({ at: 'login', code: 535, words: 'no' });
    const url = office.url.replace('smtp://', 'smtp://seam:wrong@');
    await expect(smtpMailer({ url, from: FROM }).send(letter)).rejects.toThrow('535');
  });

  it('waits for another try when nobody is there, and when somebody is there who says nothing', async () => {
    office = await openPostOffice();
    const { url } = office;
    await office.close();
    await expect(smtpMailer({ url, from: FROM }).send(letter)).rejects.toThrow('ECONNREFUSED');
    office = await openPostOffice({ at: 'greeting', code: 0, words: '' });
    const mailer = smtpMailer({ url: office.url, from: FROM, patienceMs: 50 });
    await expect(mailer.send(letter)).rejects.toThrow(/timeout|timed out|never received/i);
  });
});
