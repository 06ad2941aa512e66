/** The demo exchange, as `GET /v1/demo` tells it; 404 on a real one. */
export type Demo = { robots: { running: boolean; count: number } };
