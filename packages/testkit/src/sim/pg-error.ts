/** What the simulated server answers when it refuses, with the SQLSTATE a real one would send. */
export class PgError extends Error {
  override readonly name = 'PgError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The client's side of the connection is gone; a statement under way may yet commit. */
export class PgConnectionLost extends Error {
  override readonly name = 'PgConnectionLost';
  /** As the driver calls it. */
  readonly code = 'CONNECTION_CLOSED';
}
