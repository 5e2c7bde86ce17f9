/** The protocol of providers, against programs of our own. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Progress } from "../../../engine/event.ts";
import type { ProviderRun } from "../../../engine/plan/operation.ts";
import { runProvider, type ProviderContext } from "../../../engine/providers/run-provider.ts";

const directory = mkdtempSync(join(tmpdir(), "tcompose-provider-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A program that answers `metadata` with the first text, and everything else with the second one. */
function install(name: string, metadata: string, body: string): void {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\nif [ "$2" = metadata ]; then ${metadata}; exit; fi\n${body}\n`);
  chmodSync(path, 0o755);
}

function operation(provider: string, more: Partial<ProviderRun> = {}): ProviderRun {
  return {
    id: "provider.run:data-base",
    kind: "provider.run",
    resource: { type: "service", name: "data-base" },
    cause: { type: "requested" },
    dependsOn: [],
    service: "data-base",
    action: "up",
    provider,
    options: { size: ["1", "2"], other: ["x"] },
    ...more,
  };
}

function context(more: Partial<ProviderContext> = {}): ProviderContext & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    project: "app",
    env: { PATH: `${directory}:/usr/bin:/bin`, HOME: directory },
    progress: (progress: Progress) => {
      if (progress.type === "output") lines.push(`${progress.stream} ${progress.line}`);
    },
    signal: new AbortController().signal,
    ...more,
  };
}

describe("a provider", () => {
  it("is called as the protocol says, and gives variables", async () => {
    const answers = [
      `echo "{\\"type\\":\\"info\\",\\"message\\":\\"$*\\"}"`,
      `echo '{"type":"setenv","message":"URL=http://x?a=b"}'`,
      `echo '{"type":"rawsetenv","message":"RAW=1"}'`,
      `echo '{"type":"debug","message":"hidden"}'`,
      "echo plain",
    ];
    install("plain", "exit 1", answers.join("\n"));
    const run = context();
    const given = await runProvider(operation("plain"), run);
    expect(given).toEqual({ DATA_BASE_URL: "http://x?a=b", RAW: "1" });
    expect(run.lines).toEqual([
      "stdout compose --project-name=app up --size=1 --size=2 --other=x data-base",
      "stdout plain",
    ]);
  });

  it("gets the options that it says it takes, and is stopped only if it can be", async () => {
    const metadata = `echo '{"up":{"parameters":[{"name":"size"}]},"down":{"parameters":[]}}'`;
    install("picky", metadata, `echo "$*"`);
    const run = context();
    await runProvider(operation("picky"), run);
    await runProvider(operation("picky", { action: "stop" }), run);
    await runProvider(operation("picky", { action: "down" }), run);
    expect(run.lines).toEqual([
      "stdout compose --project-name=app up --size=1 --size=2 data-base",
      "stdout compose --project-name=app down data-base",
    ]);
  });

  it("says which option it needs", async () => {
    install("needy", `echo '{"up":{"parameters":[{"name":"key","required":true}]}}'`, "true");
    await expect(runProvider(operation("needy"), context())).rejects.toThrow("needs the option key");
  });

  it("fails with what it said", async () => {
    install("broken", "exit 1", `echo '{"type":"error","message":"no quota"}'; exit 4`);
    await expect(runProvider(operation("broken"), context())).rejects.toMatchObject({
      message: "provider broken of data-base: up failed (4)",
      details: ["no quota"],
    });
  });

  it("is refused when it is not there, and when it is the peer itself", async () => {
    await expect(runProvider(operation("absent"), context())).rejects.toThrow(
      "provider absent is not installed",
    );
    await expect(runProvider(operation("compose"), context())).rejects.toThrow('"compose" is no provider');
  });

  it("is asked to end when the run is aborted", async () => {
    install("slow", "exit 1", "echo begun; exec sleep 60");
    const controller = new AbortController();
    const run = context({ signal: controller.signal, progress: () => controller.abort() });
    await expect(runProvider(operation("slow"), run)).rejects.toMatchObject({ code: "aborted" });
  });
});
