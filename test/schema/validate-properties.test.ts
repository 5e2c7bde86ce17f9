import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validate } from "../../schema/generated/validator.js";
import { knownKeys, outlineRoot } from "../../schema/outline.ts";
import { validateStackFile } from "../../schema/validate.ts";

const attributes = knownKeys(outlineRoot().definitions?.["service"]);
const anything = fc.jsonValue({ maxDepth: 3 });
const service = fc.dictionary(fc.constantFrom(...attributes, "imge", "__proto__", "a b"), anything, {
  maxKeys: 6,
});
const section = fc.oneof(
  { weight: 3, arbitrary: fc.dictionary(fc.string({ maxLength: 4 }), service, { maxKeys: 3 }) },
  { weight: 1, arbitrary: anything },
);
const stackFile = fc.record(
  {
    services: section,
    networks: anything,
    volumes: anything,
    configs: anything,
    secrets: anything,
    "x-note": anything,
    nam: anything,
  },
  { requiredKeys: [] },
);

describe("validateStackFile", () => {
  it("answers for anything at all, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(stackFile, anything), (value) => {
        for (const problem of validateStackFile(value, () => undefined)) {
          expect(problem.message).not.toBe("");
          expect(problem.message).not.toMatch(/undefined|\[object|NaN/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("has something to say about whatever the schema refuses", () => {
    fc.assert(
      fc.property(stackFile, (value) => {
        if (!validate(value)) expect(validateStackFile(value, () => undefined)).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
