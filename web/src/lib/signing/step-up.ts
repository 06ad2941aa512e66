/** Proving again that it is this person: what the exchange knows of this login, and the password given anew. */
import type { StepUpView } from '@seam/protocol';
import { call, type Result } from '#lib/api/call.ts';

export async function stepUpState(fetch: typeof globalThis.fetch): Promise<Result<StepUpView>> {
  return call<StepUpView>(fetch, 'GET', '/v1/session/step-up');
}

export async function giveStepUpPassword(
  fetch: typeof globalThis.fetch,
  password: string,
): Promise<Result<StepUpView>> {
  return call<StepUpView>(fetch, 'POST', '/v1/session/step-up', { body: { password } });
}

/** Whether the password given last still counts long enough to read one more dialog. */
export function isProven({ provenUntil }: Pick<StepUpView, 'provenUntil'>, nowMs: number): boolean {
  return provenUntil !== null && Date.parse(provenUntil) - nowMs > SPARE_MS;
}
const SPARE_MS = 20_000;
