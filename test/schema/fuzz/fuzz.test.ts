import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readStackFolders } from "./case-files.ts";
import { checkInput, makeInput } from "./inputs.ts";

// A taste of `npm run fuzz`, which takes many more.
describe("changed stack files", () => {
  const folders = readStackFolders(join(import.meta.dirname, "../../../examples"));

  it("load or are refused with a place, and never throw", () => {
    for (let index = 0; index < 100; index += 1) {
      const input = makeInput(folders, 1, index);
      expect(() => checkInput(input), `input ${index}`).not.toThrow();
    }
  }, 60_000);
});
