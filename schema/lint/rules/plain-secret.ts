import { isMap, isScalar } from "yaml";
import { entriesOf, itemsOf, rangeOf, servicesOf, textOf, valueAt, type LintFile } from "../lint-file.ts";
import type { LintFinding, LintRule } from "../rule.ts";

const SECRET_NAME =
  /(^|_)(PASSWORD|PASSWD|PASS|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?)$/i;

export const plainSecret: LintRule = {
  code: "plain-secret",
  severity: "warning",
  summary: "Passwords and keys do not stand in the stack file.",
  explanation:
    'A value that is written here ends up in version control, in "docker inspect" and in every child process. Take it from a variable ("${NAME:?}"), or hand it over as a secret; many images read it from a file named by NAME_FILE.',
  *checkFile(file) {
    for (const { name, value } of servicesOf(file)) {
      const environment = valueAt(value, "environment");
      yield* isMap(environment) ? inMapping(file, name, environment) : inList(file, name, environment);
    }
  },
};

function* inMapping(file: LintFile, service: string, environment: unknown): Generator<LintFinding> {
  for (const { name, value } of entriesOf(environment)) {
    if (!isScalar(value) || !isExposed(name, textOf(value) ?? "")) continue;
    yield { ...finding(service, name), range: rangeOf(file, value) };
  }
}

function* inList(file: LintFile, service: string, environment: unknown): Generator<LintFinding> {
  for (const item of itemsOf(environment)) {
    if (!isScalar(item)) continue;
    const [name = "", ...rest] = (textOf(item) ?? "").split("=");
    if (isExposed(name, rest.join("="))) yield { ...finding(service, name), range: rangeOf(file, item) };
  }
}

/** A variable, a path (`NAME_FILE` style), an empty value and a switch are no secrets. */
function isExposed(name: string, value: string): boolean {
  if (!SECRET_NAME.test(name) || value === "" || value.startsWith("/")) return false;
  return !value.includes("$") && !/^(true|false|yes|no|null|~)$/i.test(value);
}

function finding(service: string, name: string): Omit<LintFinding, "range"> {
  return {
    message: `the value of "${name}" stands in the stack file`,
    path: `services.${service}.environment.${name}`,
    hint: `take it from a variable, or use a secret`,
  };
}
