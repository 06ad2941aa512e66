/** The demo exchange, as `GET /v1/demo` tells it. */
export type Demo = { demo: boolean; robots: { on: boolean; names: string[] } };
