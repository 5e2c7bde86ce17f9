import { createServer } from "node:net";
import { expect } from "vitest";
import { freePort } from "../../support/scenario/stack-copy.ts";
import { scenario } from "../../support/scenario/scenario.ts";

scenario("a port that another container holds names that container", import.meta.filename, async (s) => {
  const cli = s.cli.with({ PORT: await freePort() });
  await cli.ok("up", "-d");
  await s.stack.edit("compose.yaml", "  web:", "  other:");
  const result = await cli.run("up", "-d");
  expect(result.code).toBeGreaterThan(0);
  expect(result.stderr).toContain(`${s.project}-web-1`);
});

scenario("a port that a process of the host holds is named", import.meta.filename, async (s) => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((done) => {
    server.listen(Number(port), "0.0.0.0", done);
  });
  s.atEnd(async () => server.close());
  const result = await s.cli.with({ PORT: port }).run("up", "-d");
  expect(result.code).toBeGreaterThan(0);
  expect(result.stderr).toContain(port);
  expect(result.stderr).toContain("web");
});
