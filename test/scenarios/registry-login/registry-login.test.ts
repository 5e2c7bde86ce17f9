import { chmod } from "node:fs/promises";
import { delimiter } from "node:path";
import { expect } from "vitest";
import { hasRegistry, startRegistry } from "../../support/registry.ts";
import { scenario } from "../../support/scenario/scenario.ts";

/** Answers like the helpers that `docker login` uses, for one server. */
const helper = (host: string): string => `#!/bin/sh
read -r server
[ "$1 $server" = "get ${host}" ] || { echo "credentials not found in native keychain"; exit 1; }
echo '{"Username":"someone","Secret":"s3cret"}'
`;

if (hasRegistry) {
  scenario(
    "pull and push log in with the credential helper that config.json names",
    import.meta.filename,
    async (s) => {
      const registry = await startRegistry(true);
      s.atEnd(() => Promise.resolve(registry.stop()));
      const image = `${registry.host}/${s.project}/app:1`;
      await s.stack.write("app/Dockerfile", "FROM tcompose-test/busybox:latest\n");
      await s.stack.write("compose.yaml", `services:\n  app: { image: "${image}", build: ./app }\n`);
      await s.stack.write("bin/docker-credential-tct", helper(registry.host));
      await chmod(s.stack.path("bin/docker-credential-tct"), 0o755);
      await s.stack.write("config/config.json", JSON.stringify({ credHelpers: { [registry.host]: "tct" } }));
      const PATH = `${s.stack.path("bin")}${delimiter}${process.env["PATH"] ?? ""}`;
      const cli = s.cli.with({ PATH, DOCKER_CONFIG: s.stack.path("config") });

      await s.cli.ok("build");
      const refused = await s.cli.run("push");
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`docker login ${registry.host}`);
      // The second run takes its code from the cache.
      await cli.ok("push");
      await cli.ok("push");
      await s.cli.ok("down", "--rmi", "all");
      expect(await s.engine.imageId(image)).toBeUndefined();
      await cli.ok("pull", "--ignore-buildable");
      expect(await s.engine.imageId(image)).toBeUndefined();
      await cli.ok("pull");
      expect(await s.engine.imageId(image)).toBeDefined();
      await s.cli.ok("down", "--rmi", "all");
    },
  );
}
