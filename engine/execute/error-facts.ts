/** Errors as data, for events and reports. */
import { BuildError, OperationError, StackError, TcomposeError, redact } from "../error.ts";
import type { ErrorFacts } from "../error-facts.ts";

export function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof TcomposeError)) {
    return { code: "internal", message: redact(error instanceof Error ? error.message : String(error)) };
  }
  const details = detailsOf(error);
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: redact(error.hint) }),
    ...(details.length === 0 ? {} : { details }),
    ...(error instanceof BuildError && error.location !== undefined ? { location: error.location } : {}),
  };
}

function detailsOf(error: TcomposeError): readonly string[] {
  if (error instanceof OperationError) return error.details;
  if (error instanceof BuildError) return error.tail.map(redact);
  if (error instanceof StackError) {
    return error.diagnostics.filter((d) => d.severity === "error").map((d) => d.message);
  }
  return [];
}
