import { describe, expect, it } from "vitest";
import type { Command } from "commander";
import type { CliContext } from "../../cli/context.ts";
import type { CommandEntry } from "../../cli/command-table.ts";
import { parseArguments } from "../../cli/program.ts";

function entry(name: string, configure: (command: Command) => void): CommandEntry {
  return {
    name,
    summary: `Do ${name}`,
    group: "Run",
    load: () => Promise.resolve({ configure, run: () => Promise.resolve(0) }),
  };
}

const COMMANDS = [
  entry("logs", (command) =>
    command.argument("[service...]").option("-f, --follow").option("-n, --tail <lines>").option("--no-color"),
  ),
  entry("exec", (command) =>
    command.argument("<service>").argument("[command...]").option("-T, --no-tty").passThroughOptions(),
  ),
  { ...entry("broken", () => undefined), load: () => Promise.reject(new Error("must not be loaded")) },
];

function parse(...argv: string[]) {
  const context = { argv, stdout: { columns: () => 80 } } as unknown as CliContext;
  return parseArguments(context, COMMANDS);
}

async function run(...argv: string[]) {
  const parsed = await parse(...argv);
  if (parsed.kind !== "run") throw new Error(`printed: ${parsed.text}`);
  const { globals, args, flags } = parsed.invocation;
  return { globals, args, flags: flags as Record<string, unknown> };
}

describe("parseArguments", () => {
  it("takes global options before and after the command's name", async () => {
    const { globals, args } = await run(
      "-f",
      "a.yaml",
      "-p",
      "one",
      "logs",
      "--file",
      "b.yaml",
      "--progress",
      "plain",
      "web",
    );
    expect(globals).toMatchObject({ file: ["a.yaml", "b.yaml"], projectName: "one", progress: "plain" });
    expect(args).toEqual(["web"]);
  });

  it("lets a command's short flag win over the global one after its name", async () => {
    const { globals, flags } = await run("-f", "a.yaml", "logs", "-f", "-n", "5");
    expect(globals.file).toEqual(["a.yaml"]);
    expect(flags).toMatchObject({ follow: true, tail: "5" });
  });

  it("is not misled by an option's value that is a command's name", async () => {
    const { globals } = await run("-p", "exec", "logs");
    expect(globals.projectName).toBe("exec");
  });

  it("leaves everything behind the service to exec's command", async () => {
    const { args } = await run("exec", "-T", "web", "ls", "-f", "--help");
    expect(args).toEqual(["web", "ls", "-f", "--help"]);
  });

  it("takes yes-or-no flags with a value, as other tools write them", async () => {
    expect((await run("logs", "--follow=true")).flags).toMatchObject({ follow: true });
    expect((await run("logs", "--follow=false")).flags["follow"]).toBeUndefined();
  });

  it("prints the overview without arguments, and help for a command", async () => {
    const overview = await parse();
    expect(overview.kind === "print" && overview.text).toContain("Do broken");
    const help = await parse("logs", "--help");
    expect(help.kind === "print" && help.text).toContain("--follow");
    const other = await parse("help", "logs");
    expect(other.kind === "print" && other.text).toContain("--follow");
  });

  it("suggests what was meant", async () => {
    await expect(parse("log")).rejects.toThrow(/logs/);
    await expect(parse("logs", "--folow")).rejects.toThrow(/--follow/);
    await expect(parse("--progress", "loud", "logs")).rejects.toThrow(/auto, tty, plain/);
  });
});
