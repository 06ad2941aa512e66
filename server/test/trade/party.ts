/** A person at the exchange as the API sees it: logged in, asking for things, sometimes refused. */
import { type CallInput, type CallResult, type Client, type Value, createClient } from '@seam/client';
import { type Problem, type Route, memberRoutes } from '@seam/protocol';

type Input<R extends Route> = object extends CallInput<R> ? [input?: CallInput<R>] : [input: CallInput<R>];

export type Party = {
  /** @throws Error with the problem when the answer is no. */
  must<R extends Route>(route: R, ...input: Input<R>): Promise<Value<R>>;
  /** @throws Error when the answer is yes. */
  refused<R extends Route>(route: R, ...input: Input<R>): Promise<Problem>;
};

/** Two shared cores and a bank beside: slow is no failure here. */
const PATIENCE_MS = 180_000;

export function visitor(url: string): Party {
  return party(createClient({ baseUrl: url, timeoutMs: PATIENCE_MS }));
}

export async function logIn(url: string, email: string, password: string): Promise<Party> {
  const client = createClient({ baseUrl: url, timeoutMs: PATIENCE_MS });
  const { token } = await party(client).must(memberRoutes.login, { body: { email, password, token: true } });
  if (!token) throw new Error('the login gave no token');
  return party(client.withToken(token));
}

function party(client: Client): Party {
  const call = async <R extends Route>(route: R, input: Input<R>): Promise<CallResult<Value<R>>> =>
    client.call(route, ...input);
  return {
    async must(route, ...input) {
      const answer = await call(route, input);
      if (answer.ok) return answer.value;
      throw new Error(`${route.method} ${route.url}: ${JSON.stringify(answer.problem)}`);
    },
    async refused(route, ...input) {
      const answer = await call(route, input);
      if (!answer.ok) return answer.problem;
      throw new Error(`${route.method} ${route.url} was not refused: ${JSON.stringify(answer.value)}`);
    },
  };
}
