import { describe, expect, it } from "vitest";
import { palette } from "../../../cli/render/color.ts";
import { displayWidth } from "../../../cli/render/text.ts";
import { renderFrame } from "../../../cli/reporters/frame.ts";
import { ProgressModel } from "../../../cli/reporters/progress.ts";
import type { EventBody, Progress } from "../../../engine/event.ts";
import { planOfTwo, script, started, succeeded } from "./events.ts";

function frame(bodies: readonly EventBody[], size: { columns: number; maxLines?: number }): string[] {
  const model = new ProgressModel();
  const events = script(bodies);
  events.forEach((event) => model.apply(event));
  return renderFrame([...model.rows.values()], {
    colors: palette(false),
    spinner: "*",
    project: model.project,
    startedAt: 0,
    now: events.at(-1)?.time ?? 0,
    ...size,
  });
}

describe("renderFrame", () => {
  it("shows one aligned line a resource with its state and elapsed time", () => {
    const lines = frame(
      [
        planOfTwo,
        started("network.create:app_default"),
        succeeded("network.create:app_default"),
        started("container.start:app-db-1"),
      ],
      { columns: 60 },
    );
    expect(lines).toEqual([
      "app 1/3                                                0.3s",
      " ✔ Network app_default  Created                        0.1s",
      " * Container app-db-1   Starting                       0.0s",
      " · Container app-web-1",
    ]);
  });

  it("shows the failure's message", () => {
    const lines = frame(
      [
        planOfTwo,
        started("container.start:app-db-1"),
        {
          type: "operation-finished",
          operation: "container.start:app-db-1",
          outcome: "failed",
          durationMs: 5,
          error: { code: "engine-response", message: "port is already allocated" },
        },
        { type: "operation-finished", operation: "ready.wait:db", outcome: "blocked", durationMs: 0 },
      ],
      { columns: 70 },
    );
    expect(lines[2]).toBe(" ✖ Container app-db-1   Error    port is already allocated       0.1s");
  });

  it("stays inside the window whatever its size", () => {
    const operations = Array.from({ length: 60 }, (_, i) => ({
      id: `container.start:app-service-with-a-long-name-${i}-1`,
      kind: "container.start" as const,
      resource: { type: "container" as const, name: `app-service-with-a-long-name-${i}-1` },
    }));
    const bodies = [
      { type: "plan" as const, project: "app", operations },
      ...operations.slice(0, 30).map((operation) => started(operation.id)),
      ...operations.slice(0, 20).map((operation) => succeeded(operation.id)),
    ];
    for (const columns of [20, 40, 80, 200]) {
      for (const maxLines of [1, 3, 10, 23]) {
        const lines = frame(bodies, { columns, maxLines });
        expect(lines.length).toBeLessThanOrEqual(maxLines);
        for (const line of lines) expect(displayWidth(line)).toBeLessThan(columns);
      }
    }
    expect(frame(bodies, { columns: 80, maxLines: 12 }).at(-1)).toBe(
      "   … 50 more lines: 20 done, 30 waiting",
    );
  });

  it("keeps the time of a build step in view, and sums up the layers of an image", () => {
    const image = (id: string, kind: "image.build" | "image.pull") =>
      ({ id, kind, resource: { type: "image", name: id } }) as const;
    const progress = (operation: string, facts: Progress): EventBody => ({
      type: "operation-progress",
      operation,
      progress: facts,
    });
    const layer = (item: string, phase: string, current?: number): Progress => ({
      type: "transfer",
      item,
      phase,
      ...(current === undefined ? {} : { current, total: 20_000_000 }),
    });
    const [, building, pulling] = frame(
      [
        {
          type: "plan",
          project: "app",
          operations: [image("web", "image.build"), image("db", "image.pull")],
        },
        started("web"),
        started("db"),
        progress("web", { type: "step", step: "1", name: `[1/1] RUN ${"x".repeat(80)}`, state: "started" }),
        progress("web", layer("transferring context", "transferring", 10)),
        progress("db", layer("a", "downloading", 5_000_000)),
        progress("db", layer("b", "waiting")),
        progress("db", layer("c", "exists")),
      ],
      { columns: 70 },
    );
    expect(building).toMatch(/^ \* Image web +Building \[1\/1\] RUN x+… 0\.\ds +0\.\ds$/);
    expect(pulling).toMatch(/^ \* Image db +Pulling +1\/3 layers, 5MB\/20MB +0\.\ds$/);
  });
});
