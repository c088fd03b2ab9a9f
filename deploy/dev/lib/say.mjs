const startedMs = Date.now();

/** One progress line on stderr: stdout belongs to the task, whose last line may be JSON. */
export function say(text) {
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`[${seconds} s] ${text}\n`);
}

/** A failure that a person can act on: what is wrong, and what to do about it. */
export class SetupError extends Error {
  constructor(message, remedy) {
    super(message);
    this.name = 'SetupError';
    this.remedy = remedy;
  }
}

/** Prints a failure the way `npm run …` shows it best: one line and a remedy; a stack only for our own bugs. */
export function sayFailure(error) {
  if (!(error instanceof SetupError)) {
    process.stderr.write(`${error?.stack ?? error}\n`);
    return;
  }
  process.stderr.write(`error: ${error.message}\n`);
  if (error.remedy) process.stderr.write(`       ${error.remedy.split('\n').join('\n       ')}\n`);
}
