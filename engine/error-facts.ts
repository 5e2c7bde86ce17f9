/** The form in which errors travel in events and reports. */

/** An error as data: no stack, credentials redacted. */
export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Last output lines, probe outputs. */
  readonly details?: readonly string[];
}
