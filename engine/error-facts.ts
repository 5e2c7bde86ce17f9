/** The form in which errors travel in events and reports. */

/** An error as data: no stack, credentials redacted. */
export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Last output lines, probe outputs. */
  readonly details?: readonly string[];
  /** A failed build: the instruction that failed. */
  readonly location?: FailurePlace;
}

export interface FailurePlace {
  /** Path of the Dockerfile, `dockerfile_inline`, or a path in a remote context. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The line itself, where the file is at hand. */
  readonly text?: string;
}
