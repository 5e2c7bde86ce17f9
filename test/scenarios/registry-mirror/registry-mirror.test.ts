/** Images by their plain names, where the engine asks a mirror instead of Docker Hub. */
import { afterAll, expect } from "vitest";
import { TEST_IMAGE } from "../../support/machine/test-image.mjs";
import { PrivateEngine } from "../../support/private-engine.ts";
import { hasRegistry, startRegistryAt } from "../../support/registry.ts";

const MIRROR = "127.0.0.1:5000";

if (hasRegistry) {
  const engine = await PrivateEngine.open("64m", { "registry-mirrors": [`http://${MIRROR}`] });
  const registry = await startRegistryAt(MIRROR, engine.inItsNetwork);
  afterAll(async () => {
    registry.stop();
    await engine.close();
  });
  // The engine under test of this file, read when the modules load.
  process.env["TCOMPOSE_TEST_ENGINE"] = engine.endpoint;
  const { scenario } = await import("../../support/scenario/scenario.ts");

  scenario("plain names are pulled and built upon through the mirror", import.meta.filename, async (s) => {
    const stored = `${MIRROR}/library/sample:1`;
    await s.stack.write(
      "seed.yaml",
      `services:\n  seed:\n    image: ${stored}\n    build: { network: none, dockerfile_inline: "FROM ${TEST_IMAGE}" }\n`,
    );
    await s.cli.ok("-f", "seed.yaml", "build", "--push");
    await s.cli.ok("-f", "seed.yaml", "down", "--rmi", "all");
    expect(await s.engine.imageId("sample:1")).toBeUndefined();

    await s.cli.ok("up", "-d", "--build", "--pull", "always");
    expect(await s.engine.imageId("sample:1")).toBeDefined();
    expect(await s.engine.summary()).toEqual(["built-1 running", "plain-1 running"]);

    await s.stack.write("absent.yaml", "services:\n  absent: { image: 'no-such-image:1' }\n");
    const absent = await s.cli.run("-f", "absent.yaml", "pull");
    expect(absent.code).toBe(1);
    expect(absent.stderr).toContain("no-such-image:1");
    await s.cli.ok("down", "--rmi", "all");
  });
}
