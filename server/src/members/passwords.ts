/**
 * Passwords are kept as argon2id only. Checking one for somebody who does not exist costs the same as for
 * somebody who does.
 */
import { hash, verify } from '@node-rs/argon2';

/**
 * OWASP's first choice: 19 MiB, two passes, one lane; about 13 ms. Argon2id is the package's default, and the
 * table takes nothing else.
 */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), OPTIONS);
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
