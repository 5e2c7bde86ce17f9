import { expect } from "vitest";
import { freePort } from "../../support/scenario/stack-copy.ts";
import { scenario } from "../../support/scenario/scenario.ts";

interface Row {
  readonly Name: string;
  readonly Service: string;
  readonly State: string;
  readonly ExitCode: number;
  readonly Publishers: readonly { readonly PublishedPort: number; readonly TargetPort: number }[];
}

scenario("ps shows the containers as a table, as JSON and as names", import.meta.filename, async (s) => {
  const port = await freePort();
  const cli = s.cli.with({ PORT: port });
  await cli.ok("up", "-d");

  expect(await s.engine.exitCode("once-1")).toBe(4);
  const table = (await cli.ok("ps")).stdout;
  expect(table).toMatch(/^NAME +IMAGE +COMMAND +SERVICE +CREATED +STATUS +PORTS/);
  expect(table).toContain(`${s.project}-web-1`);
  expect(table).toContain(`127.0.0.1:${port}->80/tcp`);
  expect(table).not.toContain("once-1");
  const everything = (await cli.ok("ps", "-a", "--format", "json")).stdout.trimEnd().split("\n");
  const rows = everything
    .map((line) => JSON.parse(line) as Row)
    .toSorted((a, b) => a.Name.localeCompare(b.Name));
  expect(rows).toMatchObject([
    { Name: `${s.project}-once-1`, Service: "once", State: "exited", ExitCode: 4 },
    { Name: `${s.project}-web-1`, Service: "web", State: "running" },
  ]);
  expect(rows[1]?.Publishers).toMatchObject([{ PublishedPort: Number(port), TargetPort: 80 }]);

  const templated = await cli.ok("ps", "-a", "--format", "{{.Service}}: {{.State}} {{upper .Name}}");
  expect(templated.stdout.trimEnd().split("\n").toSorted()).toEqual([
    `once: exited ${s.project}-once-1`.replace(/\S+$/, (name) => name.toUpperCase()),
    `web: running ${s.project}-web-1`.replace(/\S+$/, (name) => name.toUpperCase()),
  ]);
  const headed = (await cli.ok("ps", "--format", "table {{.Name}}\t{{.Ports}}")).stdout.split("\n");
  expect(headed[0]).toMatch(/^NAME +PORTS$/);
  expect(headed[1]).toContain(`127.0.0.1:${port}->80/tcp`);

  const { id } = await s.engine.container("web-1");
  expect((await cli.ok("ps", "-q")).stdout.trimEnd()).toBe(id);
  expect((await cli.ok("ps", "--services")).stdout.trimEnd()).toBe("web");
});
