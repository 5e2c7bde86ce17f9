/** Top-level secrets must come from somewhere. */
import type { CheckInput, Finding } from "./report.ts";

export function* checkSecrets(input: CheckInput): Generator<Finding> {
  for (const [name, secret] of Object.entries(input.secrets)) {
    if (secret.external === true || (secret.file ?? "") !== "" || (secret.environment ?? "") !== "") continue;
    yield {
      code: "missing-key",
      message: `secret "${name}" says neither "file" nor "environment"`,
      path: ["secrets", name],
      target: "key",
      hint: 'name the file that holds it, or write "external: true"',
    };
  }
}
