import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "attached up shows the output of a job that ends at once, in each run once",
  import.meta.filename,
  async (s) => {
    for (const run of ["first", "second"]) {
      const { stdout } = await s.cli.ok("up");
      expect(stdout.match(/one-1 +\| hello/g), `${run} run`).toHaveLength(1);
    }
  },
);
