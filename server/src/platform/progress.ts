/** Tells the person at the terminal what the start is doing and how long each step took. */
export type Progress = (step: string) => void;

export function startProgress(
  write: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): Progress {
  const started = performance.now();
  let last = started;
  return (step) => {
    const now = performance.now();
    write(
      `  ${((now - started) / 1000).toFixed(1).padStart(6)} s  ${step} (${((now - last) / 1000).toFixed(1)} s)`,
    );
    last = now;
  };
}
