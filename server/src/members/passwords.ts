/**
 * Passwords are kept as argon2id only. Checking one for somebody who does not exist costs the same as for
 * somebody who does.
 */
import { timingSafeEqual } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * OWASP's first choice: 19 MiB, two passes, one lane; about 13 ms. Argon2id is the package's default, and the
 * table takes nothing else.
 */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), OPTIONS);
}

/**
 * The same for another account of one e-mail address: with its salt, so that a login works out one hash however
 * many accounts the address has, and its time does not tell how many.
 */
export async function hashPasswordLike(stored: string | undefined, password: string): Promise<string> {
  const salt = stored?.split('$')[4];
  if (salt === undefined) return hashPassword(password);
  return hash(password.normalize('NFKC'), { ...OPTIONS, salt: Buffer.from(salt, 'base64') });
}

/** Which of `stored` the password fits; all have one salt. No stored one costs as much as several. */
export async function fittingPassword<T extends { readonly passwordHash: string }>(
  stored: readonly T[],
  password: string,
): Promise<T | undefined> {
  const [first] = stored;
  if (stored.length <= 1) return (await passwordFits(first?.passwordHash, password)) ? first : undefined;
  const given = Buffer.from(await hashPasswordLike(first!.passwordHash, password));
  return stored.find(({ passwordHash }) => {
    const own = Buffer.from(passwordHash);
    return own.length === given.length && timingSafeEqual(own, given);
  });
}

/** @param stored the hash, or undefined when there is no such person: the same work, and false. */
export async function passwordFits(stored: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(stored ?? (await nobody()), password.normalize('NFKC'));
  return stored !== undefined && fits;
}

let nobodysHash: Promise<string> | undefined;
async function nobody(): Promise<string> {
  nobodysHash ??= hashPassword('nobody has this password');
  return nobodysHash;
}
/** Makes the first unknown e-mail as quick as every later one. Call it while the server starts. */
export async function preparePasswords(): Promise<void> {
  await nobody();
}
