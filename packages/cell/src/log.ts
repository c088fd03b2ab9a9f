/** What the cell writes its log to: pino's calls, one event a line, facts as fields. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  /** A person should act. */
  error(facts: object, message: string): void;
}
