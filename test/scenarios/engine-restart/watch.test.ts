/** The engine stops, dies and comes back while a tree is watched. */
import { rm } from "node:fs/promises";
import { afterAll, expect } from "vitest";
import { PrivateEngine } from "../../support/private-engine.ts";

const engine = await PrivateEngine.open("64m");
afterAll(() => engine.close());
// The engine under test of this file, read when the modules load.
process.env["TCOMPOSE_TEST_ENGINE"] = engine.endpoint;
const { scenario } = await import("../../support/scenario/scenario.ts");
const { change } = await import("../../support/scenario/engine-socket.ts");
const { containerManifest, hostManifest } = await import("../../support/scenario/manifest.ts");

const STACK = `services:
  app:
    image: tcompose-test/busybox:latest
    command: ["sleep", "infinity"]
    stop_signal: SIGKILL
    develop:
      watch:
        - { action: sync, path: ./src, target: /src, initial_sync: true }
`;

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  scenario(
    `an engine that ends by ${signal} is told of once; what changed meanwhile is in the containers when it is back`,
    import.meta.filename,
    async (s) => {
      await s.stack.write("compose.yaml", STACK);
      await s.stack.write("src/kept", "1\n");
      await s.stack.write("src/removed", "1\n");
      const watch = s.cli.start("watch");
      await watch.waitFor(/watch app: src/);
      const { id } = await s.engine.container("app-1");
      const isEqual = async (): Promise<void> =>
        expect
          .poll(() => containerManifest(id, "/src"), { timeout: 20_000, interval: 100 })
          .toEqual(await hostManifest(s.stack.path("src")));
      await isEqual();

      await engine.stop(signal);
      await watch.waitFor("the engine does not answer, trying again");
      for (const text of ["2\n", "3\n"]) await s.stack.write("src/kept", text);
      await s.stack.write("src/new/file", "new\n");
      await rm(s.stack.path("src/removed"));
      await engine.start();
      await watch.waitFor("the engine answers again");
      await change("POST", `/containers/${id}/start`);
      await isEqual();
      await s.stack.write("src/kept", "4\n");
      await isEqual();

      watch.kill("SIGINT");
      const { code, stderr } = await watch.finished;
      expect({ code, stderr }).toMatchObject({ code: 130 });
      expect(stderr.split("does not answer")).toHaveLength(2);
      expect(stderr).not.toMatch(/failed|made again/);
    },
  );
}
