import { Command } from "commander";
import { expect, it } from "vitest";
import { normalizeSpelling } from "../../cli/spelling.ts";

const root = new Command()
  .option("-f, --file <path>")
  .option("--ansi <when>")
  .option("--project-directory <p>");
root.option("--verbose");
const up = new Command("up").option("--no-deps").option("--yes").option("--menu").option("--no-menu");
const run = new Command("run").argument("<service>").argument("[command...]").option("--volume <mount>");
run.option("-d, --detach");

function spell(command: Command | undefined, ...argv: string[]): string[] {
  return normalizeSpelling(argv, root, command);
}

it("knows switches with a value", () => {
  expect(spell(up, "up", "--yes=true", "--menu=false", "--no-deps=false")).toEqual([
    "up",
    "--yes",
    "--no-menu",
  ]);
  expect(spell(up, "up", "--deps=false", "--yes=false")).toEqual(["up", "--no-deps"]);
});

it("knows values of short flags, and older names", () => {
  expect(spell(up, "-f=a=b.yaml", "--file=c.yaml", "up")).toEqual(["-f", "a=b.yaml", "--file=c.yaml", "up"]);
  expect(spell(up, "--no-ansi", "--workdir=x", "-D", "up", "--y")).toEqual([
    "--ansi",
    "never",
    "--project-directory=x",
    "--verbose",
    "up",
    "--yes",
  ]);
});

it("leaves alone what a container is to run", () => {
  const inside = ["web", "tool", "--detach=true", "-f=x", "--volumes", "y"];
  expect(spell(run, "run", "--volumes", "/a:/b", "--detach=true", ...inside)).toEqual([
    "run",
    "--volume",
    "/a:/b",
    "--detach",
    ...inside,
  ]);
  expect(spell(up, "up", "--", "--yes=true")).toEqual(["up", "--", "--yes=true"]);
});

it("knows switches of one letter with a value, alone and together", () => {
  const exec = new Command("exec").argument("<service>").argument("<command...>");
  exec.option("-i, --interactive").option("--no-interactive").option("-T, --no-tty").option("-t, --tty");
  exec.option("-d, --detach").option("-u, --user <user>");
  const spelled = (...words: string[]): string[] => spell(exec, "exec", ...words, "web", "sh").slice(1, -2);
  expect(spelled("-i=false", "-d=0")).toEqual(["--no-interactive"]);
  expect(spelled("--interactive=F", "-T=false")).toEqual(["--no-interactive", "--tty"]);
  expect(spelled("-T=1", "-d=TRUE")).toEqual(["-T", "-d"]);
  expect(spelled("-di=false", "-u=root")).toEqual(["-d", "--no-interactive", "-u", "root"]);
  expect(spelled("-i=maybe", "-du=root")).toEqual(["-i=maybe", "-du=root"]);
});
