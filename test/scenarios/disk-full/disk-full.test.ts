/** The engine's disk fills up in the middle of a pull and of builds. */
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { TEST_IMAGE } from "../../support/machine/test-image.mjs";
import { openEngineWithRegistry } from "../../support/engine-with-registry.ts";
import { hasRegistry } from "../../support/registry.ts";

const REGISTRY = "127.0.0.1:5000";
/** Does not shrink when it is packed. */
const BIG = 30_000_000;

if (hasRegistry) {
  const { engine, scenario } = await openEngineWithRegistry(REGISTRY, "256m");
  const { call } = await import("../../../examples/demo/engine-api.mjs");

  const cases = [
    {
      service: "pulled",
      image: () => `${REGISTRY}/big:1`,
      command: ["pull", "pulled"],
      frees: "docker system df",
    },
    {
      service: "sent",
      image: (project: string) => `${project}-sent`,
      command: ["build", "sent"],
      frees: "docker builder prune",
    },
    {
      service: "written",
      image: (project: string) => `${project}-written`,
      command: ["build", "written"],
      frees: "docker builder prune",
    },
  ] as const;

  for (const { service, image, command, frees } of cases) {
    scenario(
      `${service}: a full disk is named, and the next run finishes the work`,
      import.meta.filename,
      async (s) => {
        await s.stack.write(
          "seed.yaml",
          `services:\n  seed:\n    image: ${REGISTRY}/big:1\n    build: { context: app, network: none }\n`,
        );
        await s.stack.write("app/Dockerfile", `FROM ${TEST_IMAGE}\nCOPY big /big\n`);
        await s.stack.write("app/big", randomBytes(BIG).toString("latin1"));
        if (service === "pulled") {
          await s.cli.ok("-f", "seed.yaml", "build", "--push");
          await s.cli.ok("-f", "seed.yaml", "down", "--rmi", "all");
        }
        await call(engine.endpoint, { method: "POST", path: "/build/prune?all=true" });
        await s.cli.ok("up", "-d", "running");
        const before = await s.engine.container("running-1");

        await engine.fillDisk(10_000_000);
        try {
          for (const args of [command, ["up", "-d", "running", service]]) {
            const failed = await s.cli.run(...args);
            expect(failed.code).toBe(1);
            expect(failed.stderr).toMatch(/no space left on device/i);
            expect(failed.stderr).toMatch(new RegExp(`the engine's disk is full.*${frees}`));
            expect(await s.engine.imageId(image(s.project))).toBeUndefined();
            expect(await s.engine.containers()).toEqual([before]);
          }
        } finally {
          await engine.freeDisk();
        }

        await s.cli.ok("up", "-d", "running", service);
        expect(await s.engine.imageId(image(s.project))).toBeDefined();
        expect(await s.engine.summary()).toEqual([`${service}-1 running`, "running-1 running"].toSorted());
        expect(await s.engine.container("running-1")).toEqual(before);
        await s.cli.ok("down");
        await s.engine.removeImage(image(s.project));
      },
    );
  }
}
