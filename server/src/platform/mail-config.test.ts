import { describe, expect, it } from 'vitest';
import { readMailConfig } from './mail-config.ts';

describe('the configuration of mail', () => {
  it('is none unless a server is named', () => {
    expect(readMailConfig({})).toBeUndefined();
    expect(readMailConfig({ SMTP_URL: '' })).toBeUndefined();
  });

  it.each(['alerts@seam.example', 'Seam 煤 <alerts@seam.example>'])('takes %s as sender', (mailFrom) => {
    expect(readMailConfig({ SMTP_URL: 'smtps://u:p@mail.example:465', MAIL_FROM: mailFrom })).toEqual({
      smtpUrl: 'smtps://u:p@mail.example:465',
      mailFrom,
    });
  });

  it.each([
    [{ MAIL_FROM: 'a@b.cn' }, 'MAIL_FROM needs SMTP_URL'],
    [{ SMTP_URL: 'mail.example', MAIL_FROM: 'a@b.cn' }, 'SMTP_URL must be smtp://'],
    [{ SMTP_URL: 'http://mail.example', MAIL_FROM: 'a@b.cn' }, 'SMTP_URL must be smtp://'],
    [{ SMTP_URL: 'smtp:', MAIL_FROM: 'a@b.cn' }, 'SMTP_URL must be smtp://'],
    [{ SMTP_URL: 'smtp://mail.example' }, 'MAIL_FROM must name the sender'],
    [{ SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'Seam' }, 'MAIL_FROM must be name@host'],
    [{ SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'a@b.cn\nBcc: c@d.cn' }, 'MAIL_FROM must be name@host'],
    [{ SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'Seam <a@b.cn' }, 'MAIL_FROM must be name@host'],
  ])('%o ends the start with one line: %s', (env, line) => {
    expect(() => readMailConfig(env)).toThrow(line);
  });

  it('never repeats a password', () => {
    const env = { SMTP_URL: 'http://seam:hunter2@mail.example', MAIL_FROM: 'a@b.cn' };
    expect(() => readMailConfig(env)).toThrow(/^(?!.*hunter2)/);
  });
});
