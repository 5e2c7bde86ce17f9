/** What depends on the engine's image store: images for several platforms, and build caches in a registry. */
import { expect } from "vitest";
import { call } from "../../../examples/demo/engine-api.mjs";
import { openEngineWithRegistry } from "../../support/engine-with-registry.ts";
import { hasRegistry } from "../../support/registry.ts";

const REGISTRY = "127.0.0.1:5000";

if (hasRegistry) {
  // Engines before Docker 24 know only the classic store, and start with that.
  const { engine, scenario } = await openEngineWithRegistry(REGISTRY, "128m", {
    settings: { features: { "containerd-snapshotter": true } },
  });
  const isContainerd = (await call(engine.endpoint, { path: "/info" })).text.includes(
    "io.containerd.snapshotter",
  );

  if (isContainerd) {
    scenario(
      "one build gives an image for several platforms, pushed whole",
      import.meta.filename,
      async (s) => {
        await s.cli.ok("build", "--push", "both");
        await s.cli.ok("down", "--rmi", "all");
        for (const platform of ["linux/amd64", "linux/arm64"]) {
          await s.cli.with({ DOCKER_DEFAULT_PLATFORM: platform }).ok("pull", "both");
        }
        await s.cli.ok("down", "--rmi", "all");
      },
    );

    scenario(
      "a build's cache goes to a registry and comes back from there",
      import.meta.filename,
      async (s) => {
        const image = `${REGISTRY}/cached:1`;
        await s.cli.ok("build", "cached");
        const first = await s.engine.imageId(image);
        await s.cli.ok("down", "--rmi", "all");
        await call(engine.endpoint, { method: "POST", path: "/build/prune?all=true" });
        const { stderr } = await s.cli.ok("build", "cached");
        expect(stderr).toMatch(/RUN head .* CACHED/);
        expect(await s.engine.imageId(image)).toBe(first);
        await s.cli.ok("down", "--rmi", "all");
      },
    );
  } else {
    scenario(
      "what the classic store cannot hold is refused before anything begins",
      import.meta.filename,
      async (s) => {
        const both = await s.cli.run("build", "both");
        expect(both.code).toBe(1);
        expect(both.stderr).toMatch(
          /build\.platforms: Docker \S+ keeps one platform of an image, not linux\/amd64, linux\/arm64/,
        );
        const cached = await s.cli.run("build", "cached");
        expect(cached.code).toBe(1);
        expect(cached.stderr).toMatch(/build\.cache_to: Docker \S+ has no cache of type "registry"/);
        expect(await s.engine.imageId(`${REGISTRY}/cached:1`)).toBeUndefined();
        await s.cli.with({ DOCKER_DEFAULT_PLATFORM: "linux/arm64" }).ok("build", "both");
        await s.cli.ok("down", "--rmi", "all");
      },
    );
  }
}
