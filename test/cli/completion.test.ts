import { expect, it } from "vitest";
import { run } from "../../cli/commands/complete.ts";
import { fakeContext } from "./support/fake-context.ts";

async function candidates(...words: string[]): Promise<string[]> {
  const context = fakeContext(["__complete", "--", ...words]);
  await run({ context, globals: {}, args: words, flags: {} });
  return context.stdout
    .text()
    .split("\n")
    .filter((line) => line !== "");
}

it("completes commands, flags and their values", async () => {
  expect(await candidates("un")).toEqual(["unpause"]);
  expect(await candidates("pub")).toEqual([]);
  expect(await candidates("logs", "--ta")).toEqual(["--tail"]);
  expect(await candidates("--progress", "q")).toEqual(["quiet"]);
  expect(await candidates("-p", "x", "up", "--no-st")).toEqual(["--no-start"]);
});

it("completes services of the stack, and nothing where it cannot be read", async () => {
  const file = `${import.meta.dirname}/../scenarios/connect/compose.yaml`;
  expect(await candidates("-f", file, "exec", "sh")).toEqual(["shell"]);
  expect(await candidates("-f", "/none.yaml", "exec", "")).toEqual([]);
});
