import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

interface Row {
  readonly Feature: string;
  readonly Support: string;
  readonly Needs: string;
}

scenario("what the engine lacks is said before anything is made", import.meta.filename, async (s) => {
  // The oldest version of the API: every engine speaks it.
  const old = s.cli.with({ DOCKER_API_VERSION: "1.41" });
  const rows = JSON.parse((await old.ok("capabilities", "--format", "json")).stdout) as readonly Row[];
  const row = (name: string): Row | undefined => rows.find(({ Feature }) => Feature === name);
  expect(row("annotations")).toMatchObject({ Support: "ignored", Needs: "API 1.43 (Docker Engine 24.0)" });
  expect(row("image-mount")).toMatchObject({ Support: "refused", Needs: "API 1.48 (Docker Engine 28.0)" });

  const left = await old.ok("up", "-d");
  expect(left.stderr).toMatch(
    /warning: service "web" annotations, healthcheck\.start_interval has no effect here/,
  );
  expect(left.stderr).toMatch(/Docker Engine \d+\.\d+\S* \(API 1\.41\)/);
  await s.cli.ok("down");

  const mount = "volumes: [{ type: image, source: tcompose-test/busybox:latest, target: /image }]";
  await s.stack.edit("compose.yaml", "annotations: { a: b }", mount);
  const refused = await old.run("up", "-d");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("services.web.volumes type: image needs API 1.48 (Docker Engine 28.0)");
  expect(await s.engine.summary()).toEqual([]);
  expect(await s.engine.networks()).toEqual([]);
});
