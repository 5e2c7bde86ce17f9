/** Pull policies that want an image anew after some time, on an engine whose images are made older. */
import { expect } from "vitest";
import { call } from "../../../examples/demo/engine-api.mjs";
import { TEST_IMAGE } from "../../support/machine/test-image.mjs";
import { openEngineWithRegistry } from "../../support/engine-with-registry.ts";
import { hasRegistry } from "../../support/registry.ts";

const REGISTRY = "127.0.0.1:5000";
const IMAGE = `${REGISTRY}/moving:1`;

if (hasRegistry) {
  const { engine, scenario } = await openEngineWithRegistry(REGISTRY, "128m");

  const windows = [
    { policy: "daily", recent: 23, old: 25 },
    { policy: "weekly", recent: 6 * 24, old: 8 * 24 },
    { policy: "every_12h", recent: 11, old: 13 },
  ] as const;

  for (const { policy, recent, old } of windows) {
    scenario(
      `${policy}: a recent image stays, an old one is pulled once`,
      import.meta.filename,
      async (s) => {
        const recorder = await s.record();
        const cli = s.cli.with({ POLICY: policy, DOCKER_HOST: recorder.endpoint });
        const pulls = () => recorder.calls.filter(({ path }) => path === "/images/create").length;
        const build = async (version: number): Promise<string> => {
          const file = `FROM ${TEST_IMAGE}\\nENV VERSION=${version}\\nENV POLICY=${policy}`;
          await s.stack.write(
            "seed.yaml",
            `services:\n  seed: { image: "${IMAGE}", build: { network: none, dockerfile_inline: "${file}" } }\n`,
          );
          await s.cli.ok("-f", "seed.yaml", "build", "--push");
          return (await s.engine.imageId(IMAGE)) ?? "";
        };
        const version = async () => (await s.engine.container("web-1")).env["VERSION"];
        const first = await build(1);
        const second = await build(2);
        const tag = "repo=127.0.0.1:5000/moving&tag=1";
        await call(engine.endpoint, { method: "POST", path: `/images/${first}/tag?${tag}` });

        await cli.ok("up", "-d");
        await engine.ageImage(first, recent);
        await cli.ok("up", "-d");
        expect([pulls(), await version()]).toEqual([0, "1"]);

        await engine.ageImage(first, old);
        await cli.ok("up", "-d");
        expect([pulls(), await version()]).toEqual([1, "2"]);
        await cli.ok("up", "-d");
        expect(pulls()).toBe(1);

        // Nothing new in the registry: asked once, and the container stays.
        const { id } = await s.engine.container("web-1");
        await engine.ageImage(second, old);
        await cli.ok("up", "-d");
        await cli.ok("up", "-d");
        expect([pulls(), (await s.engine.container("web-1")).id]).toEqual([2, id]);

        // The registry has lost it: what is there serves as well.
        await engine.ageImage(second, old);
        await s.stack.edit("compose.yaml", "/moving:1", "/lost:1");
        await call(engine.endpoint, {
          method: "POST",
          path: `/images/${second}/tag?repo=${REGISTRY}/lost&tag=1`,
        });
        await engine.ageImage(second, old);
        const { stderr } = await cli.ok("up", "-d");
        expect(pulls()).toBe(3);
        expect(stderr).toMatch(/lost:1/);
        expect(await version()).toBe("2");
        await cli.ok("down", "--rmi", "all");
      },
    );
  }
}
