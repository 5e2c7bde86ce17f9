/**
 * Every failure that leaves the engine layer. Each has a code from a closed union, a message in plain words, and
 * where possible a hint that says what to do. Mistakes in stack files are diagnostics (values), not errors;
 * `StackError` carries them across an API that can only throw.
 */
import type { FailurePlace } from "./error-facts.ts";
import type { Diagnostic, SourceFile } from "../schema/diagnostic.ts";

export type ErrorCode =
  | "stack-invalid"
  | "usage"
  | "engine-unreachable"
  | "engine-response"
  | "engine-protocol"
  | "operation-failed"
  /** The engine can never start this container again; another one in its place can start. */
  | "unstartable"
  /** A container that the operation is about is not there any more; another one in its place can be made. */
  | "vanished"
  | "execution-failed"
  | "build-failed"
  | "refused"
  | "aborted"
  | "internal";

export interface ErrorOptionsWithHint {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

export class TcomposeError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptionsWithHint = {}) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
  }
}

/** The stack files are invalid; `diagnostics` holds every problem found. */
export class StackError extends TcomposeError {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly SourceFile[];

  constructor(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[]) {
    const count = diagnostics.filter((d) => d.severity === "error").length;
    super("stack-invalid", `the stack is not valid: ${count} ${count === 1 ? "problem" : "problems"}`);
    this.diagnostics = diagnostics;
    this.sources = sources;
  }
}

/** Flags or arguments that do not fit together. */
export class UsageError extends TcomposeError {
  constructor(message: string, options?: ErrorOptionsWithHint) {
    super("usage", message, options);
  }
}

/** Nothing answered. `tried` lists each endpoint with what happened. */
export class EngineUnreachableError extends TcomposeError {
  readonly tried: readonly { readonly endpoint: string; readonly reason: string }[];

  constructor(
    message: string,
    tried: readonly { readonly endpoint: string; readonly reason: string }[],
    options?: ErrorOptionsWithHint,
  ) {
    super("engine-unreachable", message, options);
    this.tried = tried;
  }
}

/** The engine answered with an error status. */
export class EngineResponseError extends TcomposeError {
  /** HTTP status. */
  readonly status: number;
  /** Method and path, e.g. `POST /containers/create`. */
  readonly operation: string;
  /** The engine's own message. */
  readonly engineMessage: string;

  constructor(status: number, operation: string, engineMessage: string, options?: ErrorOptionsWithHint) {
    super(
      "engine-response",
      engineMessage === "" ? `${operation}: status ${status}` : engineMessage,
      options,
    );
    this.status = status;
    this.operation = operation;
    this.engineMessage = redact(engineMessage);
  }
}

/** The answer was not what the Engine API promises (broken JSON, a stream cut short). */
export class EngineProtocolError extends TcomposeError {
  constructor(message: string, options?: ErrorOptionsWithHint) {
    super("engine-protocol", message, options);
  }
}

/** One operation of a plan failed; `operation` is its id. `details`: last output lines, probe outputs. */
export class OperationError extends TcomposeError {
  readonly operation: string;
  readonly details: readonly string[];

  constructor(
    operation: string,
    message: string,
    options: ErrorOptionsWithHint & {
      readonly code?: "operation-failed" | "unstartable" | "vanished";
      readonly details?: readonly string[];
    } = {},
  ) {
    super(options.code ?? "operation-failed", message, options);
    this.operation = operation;
    this.details = (options.details ?? []).map(redact);
  }
}

/** A build step failed. `tail` holds its last output lines, `location` the Dockerfile line where known. */
export class BuildError extends TcomposeError {
  readonly tail: readonly string[];
  readonly location: FailurePlace | undefined;

  constructor(
    message: string,
    details: {
      readonly tail?: readonly string[];
      readonly location?: FailurePlace;
    } & ErrorOptionsWithHint = {},
  ) {
    super("build-failed", message, details);
    this.tail = details.tail ?? [];
    this.location = details.location;
  }
}

/** Something that needs consent was not consented to, or is not supported here. */
export class RefusedError extends TcomposeError {
  constructor(message: string, options?: ErrorOptionsWithHint) {
    super("refused", message, options);
  }
}

export class AbortedError extends TcomposeError {
  constructor(message = "aborted", options?: ErrorOptionsWithHint) {
    super("aborted", message, options);
  }
}

export class InternalError extends TcomposeError {
  constructor(message: string, options?: ErrorOptionsWithHint) {
    super("internal", `${message} (this is a bug in tcompose)`, options);
  }
}

/** Hides credentials inside URLs. */
export function redact(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, "$1***@");
}

export function isNotFound(error: unknown): boolean {
  return error instanceof EngineResponseError && error.status === 404;
}

export function isConflict(error: unknown): boolean {
  return error instanceof EngineResponseError && error.status === 409;
}
