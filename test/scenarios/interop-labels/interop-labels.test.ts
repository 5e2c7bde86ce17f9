import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("other tools find the stack by the labels they know", import.meta.filename, async (s) => {
  await s.cli.ok("up", "-d");
  const { labels, image } = await s.engine.container("web-1");
  expect(labels).toMatchObject({
    "com.docker.compose.project": s.project,
    "com.docker.compose.service": "web",
    "com.docker.compose.container-number": "1",
    "com.docker.compose.oneoff": "False",
    "com.docker.compose.project.working_dir": s.stack.directory,
    "com.docker.compose.project.config_files": s.stack.path("compose.yaml"),
    "com.docker.compose.depends_on": "db:service_started:false",
    "com.docker.compose.image": image,
  });
  expect(labels["com.docker.compose.config-hash"]).toMatch(/^[0-9a-f]{64}$/);
  expect(await s.engine.networks()).toEqual(["default"]);
  expect(await s.engine.volumes()).toEqual(["data"]);
});
