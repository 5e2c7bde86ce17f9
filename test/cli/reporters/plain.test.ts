import { describe, expect, it } from "vitest";
import { createPlainReporter } from "../../../cli/reporters/plain.ts";
import type { EventBody } from "../../../engine/event.ts";
import { planOfTwo, script, started, succeeded } from "./events.ts";

function lines(bodies: readonly EventBody[]): string[] {
  let text = "";
  const reporter = createPlainReporter((piece) => {
    text += piece;
  });
  script(bodies).forEach((event) => reporter.handle(event));
  return text.split("\n").slice(0, -1);
}

describe("plain reporter", () => {
  it("prints a line for every step of a resource, in the words that scripts look for", () => {
    const ids = [
      "network.create:app_default",
      "container.create:app-web-1",
      "container.start:app-db-1",
      "ready.wait:db",
      "container.start:app-web-1",
    ];
    expect(lines([planOfTwo, ...ids.flatMap((id) => [started(id), succeeded(id)])])).toEqual([
      " Network app_default  Creating",
      " Network app_default  Created",
      " Container app-web-1  Creating",
      " Container app-web-1  Created",
      " Container app-db-1  Starting",
      " Container app-db-1  Started",
      " Container app-db-1  Waiting",
      " Container app-db-1  Healthy",
      " Container app-web-1  Starting",
      " Container app-web-1  Started",
    ]);
  });

  it("does not call a job that has ended running", () => {
    const unchanged = ["app-db-1", "app-migrate-1"].map((name) => ({ type: "container", name }) as const);
    const plan: EventBody = {
      type: "plan",
      project: "app",
      operations: [],
      unchanged,
      completed: ["app-migrate-1"],
    };
    expect(lines([plan])).toEqual([" Container app-db-1  Running", " Container app-migrate-1  Exited"]);
  });

  it("tells of a failure that counts for nothing why it failed", () => {
    const id = "network.create:app_default";
    const error = { code: "operation-failed", message: "not today" };
    const skipped: EventBody = {
      type: "operation-finished",
      operation: id,
      outcome: "skipped",
      durationMs: 1,
      error,
    };
    expect(lines([planOfTwo, started(id), skipped])).toEqual([
      " Network app_default  Creating",
      " Network app_default  Skipped not today",
    ]);
  });

  it("tells a recreate as one thing", () => {
    const resource = { type: "container", name: "app-web-1", service: "web" } as const;
    const kinds = [
      "container.create",
      "container.stop",
      "container.remove",
      "container.rename",
      "container.start",
    ] as const;
    const plan: EventBody = {
      type: "plan",
      project: "app",
      operations: kinds.map((kind) => ({ id: kind, kind, resource })),
    };
    expect(lines([plan, ...kinds.flatMap((kind) => [started(kind), succeeded(kind)])])).toEqual([
      " Container app-web-1  Recreate",
      " Container app-web-1  Recreated",
      " Container app-web-1  Starting",
      " Container app-web-1  Started",
    ]);
  });

  it("reports what runs already, failures with their message, and build output", () => {
    const plan: EventBody = {
      type: "plan",
      project: "app",
      operations: [
        { id: "image.build:app-api", kind: "image.build", resource: { type: "image", name: "app-api" } },
        { id: "x", kind: "container.start", resource: { type: "container", name: "app-api-1" } },
      ],
      unchanged: [
        { type: "container", name: "app-db-1" },
        { type: "network", name: "app_default" },
      ],
    };
    expect(
      lines([
        plan,
        started("image.build:app-api"),
        {
          type: "operation-progress",
          operation: "image.build:app-api",
          progress: { type: "step", step: "1", name: "RUN make", state: "started" },
        },
        {
          type: "operation-progress",
          operation: "image.build:app-api",
          progress: { type: "output", stream: "stdout", line: "cc main.c" },
        },
        {
          type: "operation-finished",
          operation: "image.build:app-api",
          outcome: "failed",
          durationMs: 1,
          error: { code: "build-failed", message: "RUN make: exit code 2" },
        },
        { type: "operation-finished", operation: "x", outcome: "blocked", durationMs: 0 },
        { type: "warning", warning: { code: "orphans", names: ["app-old-1"] } },
      ]),
    ).toEqual([
      " Container app-db-1  Running",
      " Image app-api  Building",
      " Image app-api  | RUN make",
      " Image app-api  | cc main.c",
      " Image app-api  Error RUN make: exit code 2",
      "warning: containers of services that are not in the stack: app-old-1 (remove them with --remove-orphans)",
    ]);
  });

  it("tells why a pull is tried again, and when", () => {
    const id = "image.pull:nginx";
    const operations = [{ id, kind: "image.pull", resource: { type: "image", name: "nginx" } }] as const;
    const progress = {
      type: "transfer",
      phase: "retrying",
      current: 1,
      reason: "toomanyrequests",
      delayMs: 10_000,
    } as const;
    expect(
      lines([
        { type: "plan", project: "app", operations, unchanged: [] },
        started(id),
        { type: "operation-progress", operation: id, progress },
      ]),
    ).toEqual([" Image nginx  Pulling", " Image nginx  | toomanyrequests: trying again in 10.0s"]);
  });
});
