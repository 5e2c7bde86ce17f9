import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

for (const [moment, said] of [
  ["before the stop has begun", "Stopping gracefully"],
  ["while it stops", "-stubborn-1  Stopping"],
] as const) {
  scenario(
    `a second Ctrl-C ${moment} kills what does not stop by itself`,
    import.meta.filename,
    async (s) => {
      const up = s.cli.start("up");
      await up.waitFor("ready");
      up.kill("SIGINT");
      await up.waitFor(said);
      up.kill("SIGINT");
      expect((await up.finished).code).toBe(130);
      expect(await s.engine.summary()).toEqual(["stubborn-1 exited"]);
      // By a signal, long before the grace period was over.
      expect((await s.engine.container("stubborn-1")).exitCode).toBe(137);
    },
  );
}
