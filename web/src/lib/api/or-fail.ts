import { error } from '@sveltejs/kit';
import type { Result } from './call.ts';

/** The data, or the error page with the problem's code: for what a page is nothing without. */
export function orFail<T>(result: Result<T>): T {
  if (result.ok) return result.data;
  const { status, title, code, requestId } = result.problem;
  return error(status, title, { code, ...(requestId === undefined ? {} : { requestId }) });
}
