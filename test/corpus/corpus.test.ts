import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  corpusFolder,
  hashOutcome,
  listCases,
  readIf,
  resolvedOutcome,
  writtenOutcome,
  type CaseInfo,
} from "./corpus-case.ts";

const deliberate = JSON.parse(readFileSync(join(import.meta.dirname, "deliberate.json"), "utf8")) as Readonly<
  Record<string, string>
>;

describe("the list of deliberate differences", () => {
  it("gives a reason for each", () => {
    for (const reason of Object.values(deliberate)) expect(reason.length).toBeGreaterThan(20);
  });
});

const folder = corpusFolder();
// The corpus lies beside the checkout where it is developed; elsewhere its cases do not exist.
// oxlint-disable-next-line vitest/no-conditional-tests
if (folder !== undefined) {
  const cases = listCases(folder).filter((path) => deliberate[basename(path)] === undefined);

  describe("the corpus", () => {
    it.each(cases.map((path) => [basename(path), path]))("%s", (_, path) => {
      const info = JSON.parse(readFileSync(join(path, "case.json"), "utf8")) as CaseInfo;
      compare(resolvedOutcome(info, path), readIf(path, "golden.json"), readIf(path, "golden.err"));
      const written = {
        value: readIf(path, "golden.nointerp.json"),
        error: readIf(path, "golden.nointerp.err"),
      };
      if (written.value ?? written.error) compare(writtenOutcome(info, path), written.value, written.error);
      const hashes = readIf(path, "golden.hash.json");
      if (hashes !== undefined) {
        expect(hashOutcome(info, path)).toMatchObject({
          accepted: true,
          value: JSON.parse(hashes) as object,
        });
      }
    });
  });
}

function compare(
  outcome: ReturnType<typeof resolvedOutcome>,
  value: string | undefined,
  error: string | undefined,
): void {
  if (value === undefined)
    expect(outcome, `the peer rejects: ${error ?? ""}`).toMatchObject({ accepted: false });
  else expect(outcome).toEqual({ accepted: true, value: JSON.parse(value) as unknown });
}
