/** Words for texts of the wrong form and numbers out of range. */
import { pathText } from "./context.ts";
import type { StackPath } from "./model.ts";
import type { SchemaError } from "./schema-error.ts";
import { didYouMean } from "./suggest.ts";
import { valueWords } from "./words.ts";

interface FormatWords {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

const PULL_POLICIES = ["always", "never", "missing", "if_not_present", "build", "daily", "weekly"];
const CHANGE_ACTIONS = ["recreate", "restart", "none", "signal:SIGHUP"];

/** What a `pattern`, `minimum` or `maximum` finding means to the reader. */
export function describeFormat(path: StackPath, value: unknown, error: SchemaError): FormatWords {
  const what = pathText(path);
  const found = `found ${valueWords(value)}`;
  if (error.keyword !== "pattern") {
    const bound = error.keyword === "minimum" ? "at least" : "at most";
    return {
      code: "out-of-range",
      message: `${what}: expected ${bound} ${String(error.params["limit"])}, ${found}`,
    };
  }
  const text = typeof value === "string" ? value : "";
  switch (path[path.length - 1]) {
    case "container_name":
      return {
        code: "bad-format",
        message: `${what}: expected a container name, ${found}`,
        hint: 'at least two characters: letters, digits, "_", "." and "-", and a letter or digit first',
      };
    case "pull_policy":
      return {
        code: "not-allowed-value",
        message: `${what}: expected "always", "never", "missing", "build", "daily", "weekly" or "every_<duration>", ${found}`,
        hint: didYouMean(text, PULL_POLICIES),
      };
    case "on_change":
      return {
        code: "not-allowed-value",
        message: `${what}: expected "recreate", "restart", "none" or "signal:<name>", ${found}`,
        hint: didYouMean(text, CHANGE_ACTIONS),
      };
    default:
      return { code: "bad-format", message: `${what}: ${valueWords(value)} has the wrong form` };
  }
}
