/** Why Seam cannot start, as one line for the person at the terminal. Ends the process with code 1. */
export class StartError extends Error {
  constructor(line: string, options: { cause?: unknown } = {}) {
    super(line, options);
    this.name = 'StartError';
  }
}
