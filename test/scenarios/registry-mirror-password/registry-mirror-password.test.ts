/** Images by their plain names, where the engine asks a mirror that wants a password. */
import { expect } from "vitest";
import { TEST_IMAGE } from "../../support/machine/test-image.mjs";
import { openEngineWithRegistry } from "../../support/engine-with-registry.ts";
import { hasRegistry } from "../../support/registry.ts";

const MIRROR = "127.0.0.1:5000";
const HUB = "https://index.docker.io/v1/";

if (hasRegistry) {
  const { scenario } = await openEngineWithRegistry(MIRROR, "64m", {
    settings: { "registry-mirrors": [`http://${MIRROR}`] },
    withAuth: true,
  });

  scenario(
    "a mirror's password is found where the engine asks for it, and named where it is missing",
    import.meta.filename,
    async (s) => {
      const login = { username: "someone", password: "s3cret" };
      const withLogins = async (...servers: readonly string[]) => {
        const auths = Object.fromEntries(servers.map((server) => [server, login]));
        const folder = `config-${servers.length}`;
        await s.stack.write(`${folder}/config.json`, JSON.stringify({ auths }));
        return s.cli.with({ DOCKER_CONFIG: s.stack.path(folder) });
      };
      const own = await withLogins(MIRROR);
      const both = await withLogins(MIRROR, HUB);
      const stored = `${MIRROR}/library/sample:1`;
      await s.stack.write(
        "seed.yaml",
        `services:\n  seed:\n    image: ${stored}\n    build: { network: none, dockerfile_inline: "FROM ${TEST_IMAGE}" }\n`,
      );
      await own.ok("-f", "seed.yaml", "build", "--push");
      await s.cli.ok("-f", "seed.yaml", "down", "--rmi", "all");

      const pulled = await own.run("pull", "plain");
      expect(pulled.code).toBe(1);
      expect(pulled.stderr).toContain(`mirror ${MIRROR} first: if that wants a password, run "docker login"`);
      const built = await s.cli.run("build", "built");
      expect(built.code).toBe(1);
      expect(built.stderr).toContain(`run "docker login ${MIRROR}"`);
      expect(await s.engine.imageId("sample:1")).toBeUndefined();

      await own.ok("build", "built");
      await both.ok("up", "-d", "--pull", "always");
      expect(await s.engine.summary()).toEqual(["built-1 running", "plain-1 running"]);
      await s.cli.ok("down", "--rmi", "all");
    },
  );
}
