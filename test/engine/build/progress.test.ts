import { describe, expect, it } from "vitest";
import { trackClassicOutput } from "../../../engine/build/classic-output.ts";
import { toBuildError } from "../../../engine/build/failure.ts";
import { trackProgress } from "../../../engine/build/progress.ts";
import { MessageWriter } from "../../../engine/build/protobuf.ts";
import { decodeStatus } from "../../../engine/build/trace.ts";
import type { Progress } from "../../../engine/event.ts";

function timestamp(writer: MessageWriter, field: number, ms: number): void {
  writer.message(field, (time) => time.number(1, Math.floor(ms / 1000)).number(2, (ms % 1000) * 1_000_000));
}

interface VertexFacts {
  readonly digest: string;
  readonly name: string;
  readonly started?: number;
  readonly completed?: number;
  readonly cached?: boolean;
  readonly error?: string;
}

function vertex(facts: VertexFacts): Buffer {
  return new MessageWriter()
    .message(1, (v) => {
      v.text(1, facts.digest)
        .text(2, "sha256:input")
        .text(3, facts.name)
        .number(4, facts.cached === true ? 1 : 0);
      if (facts.started !== undefined) timestamp(v, 5, facts.started);
      if (facts.completed !== undefined) timestamp(v, 6, facts.completed);
      v.text(7, facts.error);
    })
    .finish();
}

function log(digest: string, text: string | Buffer, stream = 1): Buffer {
  return new MessageWriter()
    .message(3, (l) => l.text(1, digest).number(3, stream).bytes(4, Buffer.from(text)))
    .finish();
}

describe("BuildKit's status", () => {
  it("becomes steps with durations and whole output lines", () => {
    const seen: Progress[] = [];
    const progress = trackProgress((p) => seen.push(p));
    const messages = [
      vertex({ digest: "a", name: "[1/2] FROM x", started: 1_000, completed: 1_000, cached: true }),
      vertex({ digest: "b", name: "[2/2] RUN y" }),
      vertex({ digest: "b", name: "[2/2] RUN y", started: 2_000 }),
      log("b", "one\ntw"),
      log("b", "o\r\n10%\r20%\n"),
      log("b", "no end", 2),
      vertex({ digest: "b", name: "[2/2] RUN y", started: 2_000, completed: 3_250 }),
    ];
    for (const message of messages) progress.take(decodeStatus(message));
    progress.finish();
    expect(seen).toEqual([
      { type: "step", step: "a", name: "[1/2] FROM x", state: "started" },
      { type: "step", step: "a", name: "[1/2] FROM x", state: "cached", durationMs: 0 },
      { type: "step", step: "b", name: "[2/2] RUN y", state: "started" },
      { type: "output", step: "b", stream: "stdout", line: "one" },
      { type: "output", step: "b", stream: "stdout", line: "two" },
      { type: "output", step: "b", stream: "stdout", line: "20%" },
      { type: "step", step: "b", name: "[2/2] RUN y", state: "done", durationMs: 1_250 },
      { type: "output", step: "b", stream: "stderr", line: "no end" },
    ]);
    expect(progress.failed()).toBeUndefined();
  });

  it("keeps characters whole, and takes nothing along that moves a terminal's cursor", () => {
    const seen: Progress[] = [];
    const progress = trackProgress((p) => seen.push(p));
    const sharp = Buffer.from("ü漢\n");
    for (const byte of sharp) progress.take(decodeStatus(log("b", Buffer.from([byte]))));
    const sequences =
      "\u001B[31mred\u001B[0m\u001B[2J\u001B[H \u001B]0;title\u0007end\u0007\ttab\b\r\r\n\u001B[2Kcut\u001B[";
    progress.take(decodeStatus(log("b", sequences)));
    progress.finish();
    const lines = seen.map((one) => (one.type === "output" ? one.line : ""));
    expect(lines).toEqual(["ü漢", "red end\ttab", "cut"]);
  });

  it("shortens endless lines of what is told with a failure", () => {
    const progress = trackProgress(() => undefined);
    progress.take(decodeStatus(log("b", `${"x".repeat(5_000)}\n`)));
    progress.take(
      decodeStatus(vertex({ digest: "b", name: "B", started: 1, completed: 2, error: "exit code: 2" })),
    );
    expect(progress.failed()?.tail).toEqual([`${"x".repeat(399)}…`]);
  });

  it("tells the step that failed from those that were cancelled for it", () => {
    const progress = trackProgress(() => undefined);
    const times = { started: 1, completed: 2 };
    progress.take(decodeStatus(vertex({ digest: "a", name: "A", ...times, error: "context canceled" })));
    progress.take(decodeStatus(log("b", "why\n")));
    progress.take(decodeStatus(vertex({ digest: "b", name: "B", ...times, error: "exit code: 2" })));
    expect(progress.failed()).toEqual({ name: "B", error: "exit code: 2", tail: ["why"] });
  });
});

describe("the classic builder's output", () => {
  it("becomes steps and lines", () => {
    const seen: Progress[] = [];
    const output = trackClassicOutput((p) => seen.push(p));
    for (const stream of [
      "Step 1/2 : FROM x\n ---> 0123\nStep 2/2 : RUN y\n",
      " ---> Running in 4567\nhel",
      "lo\u001B[0m\n",
    ]) {
      output.take({ stream });
    }
    output.finish("failed");
    expect(seen).toEqual([
      { type: "step", step: "1/2", name: "[1/2] FROM x", state: "started" },
      { type: "step", step: "1/2", name: "[1/2] FROM x", state: "done" },
      { type: "step", step: "2/2", name: "[2/2] RUN y", state: "started" },
      { type: "output", step: "2/2", stream: "stdout", line: "hello" },
      { type: "step", step: "2/2", name: "[2/2] RUN y", state: "failed" },
    ]);
    expect(output.failed("e")).toEqual({ name: "[2/2] RUN y", error: "e", tail: ["hello"] });
  });
});

describe("toBuildError", () => {
  const base = { service: "web", step: undefined, dockerfile: { path: "/src/Dockerfile", text: "FROM a\n" } };

  it.each([
    ["failed to solve: dockerfile parse error on line 3: unknown instruction: COPPY", 3, /parse error/],
    [
      "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 7: x",
      7,
      /^cannot build web: dockerfile/,
    ],
  ])("%s", (message, line, text) => {
    const error = toBuildError({ ...base, message });
    expect(error.location).toEqual({ file: "/src/Dockerfile", line });
    expect(error.message).toMatch(text);
  });

  it.each([
    ["no space left on device", /builder prune/],
    ['"/gone": not found', /\.dockerignore/],
    ["secret t: not found", /build\.secrets/],
    ["dial tcp: lookup r.test: no such host", /could not reach/],
    [
      "pulling from host r.test:5000 failed with status code [manifests 1]: 401 Unauthorized",
      /docker login r\.test:5000/,
    ],
    [
      "unexpected status from HEAD request to http://r.test:5000/v2/a?ns=docker.io: 401 Unauthorized",
      /login r\.test:5000/,
    ],
    ["security.insecure is not allowed by build daemon configuration", /builder\.entitlements/],
  ])("%s: hints at what to do", (message, hint) => {
    expect(toBuildError({ ...base, message }).hint).toMatch(hint);
  });

  it("hints at a full disk that the step alone tells of", () => {
    const tail = ["dd: error writing '/big': No space left on device", "58+0 records in"];
    const step = { name: "[2/2] RUN dd", error: "exit code: 1", tail };
    expect(toBuildError({ ...base, message: "exit code: 1", step }).hint).toMatch(/builder prune/);
  });

  it("does not bury the reason under a long command, which the Dockerfile's line tells in full", () => {
    const command = `RUN ${"make all && ".repeat(20)}exit 3`;
    const text = `FROM a\n${command}\n`;
    const step = {
      name: `[2/2] ${command}`,
      error: `process "/bin/sh -c x" did not complete successfully: exit code: 3`,
      tail: [],
    };
    const error = toBuildError({
      ...base,
      dockerfile: { path: "/src/Dockerfile", text },
      message: "exit code: 3",
      step,
    });
    expect(error.message).toMatch(/^cannot build web: \[2\/2\] RUN make all.{40,60}…: exit code: 3$/);
    expect(error.location).toMatchObject({ line: 2, text: command });
    const unplaced = toBuildError({ ...base, message: "exit code: 3", step });
    expect(unplaced.message).toContain(command);
  });

  it("says once which step of Podman failed", () => {
    const error = 'building at STEP "RUN x "y"": while running runtime: exit status 3';
    const step = { name: '[2/5] RUN x "y"', error, tail: [] };
    expect(toBuildError({ ...base, message: error, step }).message).toContain(
      '[2/5] RUN x "y": exit status 3',
    );
    expect(toBuildError({ ...base, message: error, step }).message).not.toContain("STEP");
  });
});
