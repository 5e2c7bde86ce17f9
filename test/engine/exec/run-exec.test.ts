import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runExec } from "../../../engine/exec/run-exec.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";

let fake: FakeEngine;

beforeEach(async () => {
  fake = new FakeEngine();
  fake.addImage("app");
  await fake.createContainer("web", { Image: "app", HostConfig: {} });
});
afterEach(() => fake.close());

describe("runExec", () => {
  it("answers the exit code and hands on both streams", async () => {
    fake.behave("web", {
      exec: ({ stdout, stderr, user, workingDir, env }) => {
        stdout(`${user} ${workingDir} ${env.join()}`);
        stderr("oh");
        return 5;
      },
    });
    await fake.startContainer("web");
    const output: string[] = [];
    const request = { cmd: ["id"], user: "app", workdir: "/srv", env: ["A=1"] };
    const { exitCode } = await runExec(fake, "web", request, {
      onOutput: ({ stream, data }) => void output.push(`${stream}: ${data.toString()}`),
    });
    expect(exitCode).toBe(5);
    expect(output).toEqual(["stdout: app /srv A=1", "stderr: oh"]);
  });

  it("feeds the command and ends its input", async () => {
    fake.behave("web", {
      exec: async ({ stdin, stdout }) => {
        for await (const data of stdin) stdout(String(data).toUpperCase());
        return 0;
      },
    });
    await fake.startContainer("web");
    let output = "";
    const request = { cmd: ["cat"], stdin: Readable.from(["hello"]) };
    await runExec(fake, "web", request, { onOutput: ({ data }) => void (output += data.toString()) });
    expect(output).toBe("HELLO");
  });

  it("ends with AbortedError when the signal aborts, and lets go of the connection", async () => {
    let ended = false;
    const controller = new AbortController();
    fake.behave("web", {
      exec: () => {
        controller.abort();
        return new Promise<number>(() => (ended = true));
      },
    });
    await fake.startContainer("web");
    await expect(
      runExec(fake, "web", { cmd: ["sleep"] }, { signal: controller.signal }),
    ).rejects.toMatchObject({
      code: "aborted",
    });
    expect(ended).toBe(true);
  });

  it("passes on that a container does not run", async () => {
    await expect(runExec(fake, "web", { cmd: ["id"] })).rejects.toMatchObject({ status: 409 });
  });
});
