import { cp, mkdir } from "node:fs/promises";
import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

scenario(
  "a project of the same name in another directory is left alone, unless it is adopted",
  import.meta.filename,
  async (s) => {
    await s.cli.ok("up", "-d");
    const before = await s.engine.containers();
    await mkdir(s.stack.path("other"));
    await cp(s.stack.path("compose.yaml"), s.stack.path("other/compose.yaml"));
    await s.stack.edit("other/compose.yaml", '"infinity"', '"1000000"');
    const there = ["--project-directory", s.stack.path("other"), "-f", s.stack.path("other/compose.yaml")];

    const commands = ["up -d", "up -d --force-recreate", "scale web=2", "run --rm web true", "down"];
    commands.push("stop", "start", "restart", "rm -sf", "kill", "pause", "unpause");
    for (const command of commands.map((words) => words.split(" "))) {
      const refused = await s.cli.run(...there, ...command);
      expect(refused.code, command.join(" ")).not.toBe(0);
      expect(refused.stderr).toContain(s.stack.directory);
      expect(refused.stderr).toContain("--adopt");
      expect(await s.engine.containers()).toEqual(before);
    }

    expect((await s.cli.ok(...there, "plan")).stderr).toContain("another directory");
    await s.cli.ok(...there, "stop", "--adopt");
    expect(await s.engine.summary()).toEqual(["web-1 exited"]);

    await s.cli.ok(...there, "up", "-d", "--adopt");
    const web = await s.engine.container("web-1");
    expect(web.id).not.toBe(before[0]?.id);
    expect(web.labels["com.docker.compose.project.working_dir"]).toBe(s.stack.path("other"));
  },
);
