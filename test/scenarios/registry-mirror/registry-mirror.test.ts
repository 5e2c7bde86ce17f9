/** Images by their plain names, where the engine asks a mirror instead of Docker Hub. */
import { expect } from "vitest";
import { TEST_IMAGE } from "../../support/machine/test-image.mjs";
import { openEngineWithRegistry } from "../../support/engine-with-registry.ts";
import { hasRegistry } from "../../support/registry.ts";

const MIRROR = "127.0.0.1:5000";

if (hasRegistry) {
  const { scenario } = await openEngineWithRegistry(MIRROR, "64m", {
    settings: { "registry-mirrors": [`http://${MIRROR}`] },
  });

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
