import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../cli/reporters/event.schema.json", import.meta.url), "utf8"),
) as object;
const validate = new Ajv2020({ strict: false }).compile(schema);

/** What is no event of the published schema. */
function strangers(stderr: string): string[] {
  const lines = stderr.split("\n").filter((line) => line !== "");
  return lines.filter((line) => !line.startsWith("{") || !validate(JSON.parse(line)));
}

scenario("with --progress json every line on standard error is an event", import.meta.filename, async (s) => {
  const commands = [
    ["up", "-d"],
    ["up", "-d", "--force-recreate"],
    ["restart", "-t", "0"],
    ["pause"],
    ["unpause"],
    ["kill", "-s", "CONT"],
    ["run", "--rm", "-T", "web", "true"],
    ["cp", "compose.yaml", "web:/"],
    ["rm", "-sf"],
    ["rm"],
    ["kill"],
    ["down", "-v"],
    ["down"],
    ["up", "--no-such-flag"],
    ["ps", "nobody"],
  ];
  for (const command of commands) {
    const { stderr } = await s.cli.run("--progress", "json", ...command);
    expect({ command, strangers: strangers(stderr) }).toEqual({ command, strangers: [] });
  }
  const up = s.cli.start("--progress", "json", "up");
  await up.waitFor("serving");
  up.kill("SIGINT");
  const { stderr } = await up.finished;
  expect(strangers(stderr)).toEqual([]);
  expect(stderr).toContain('"type":"container-state"');
});
