import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { createJsonReporter } from "../../../cli/reporters/json.ts";
import { planOfTwo, script, started, succeeded } from "./events.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../cli/reporters/event.schema.json", import.meta.url), "utf8"),
) as object;

describe("JSON reporter", () => {
  it("writes one line an event, as its published schema says", () => {
    const validate = new Ajv2020({ strict: false }).compile(schema);
    let text = "";
    const reporter = createJsonReporter((piece) => {
      text += piece;
    });
    const events = script([
      planOfTwo,
      { type: "warning", warning: { code: "orphans", names: ["app-old-1"] } },
      started("container.start:app-db-1"),
      {
        type: "operation-progress",
        operation: "container.start:app-db-1",
        progress: { type: "state", container: "app-db-1", state: "starting" },
      },
      succeeded("container.start:app-db-1"),
      {
        type: "operation-finished",
        operation: "ready.wait:db",
        outcome: "failed",
        durationMs: 2,
        error: { code: "operation-failed", message: "unhealthy", details: ["probe: refused"] },
      },
      { type: "container-state", service: "db", container: "app-db-1", state: "exited", exitCode: 1 },
      { type: "log", service: "db", container: "app-db-1", stream: "stdout", line: "hi" },
      {
        type: "watch",
        watch: {
          type: "synced",
          service: "web",
          containers: ["app-web-1"],
          written: 1,
          deleted: 0,
          bytes: 5,
          via: "shell",
          durationMs: 8.5,
          reason: "change",
          example: "page.html",
        },
      },
      { type: "watch", watch: { type: "engine", state: "lost", error: { code: "x", message: "down" } } },
      {
        type: "finished",
        outcome: "failed",
        durationMs: 9,
        counts: { succeeded: 1, failed: 1, blocked: 3, skipped: 0, aborted: 0 },
      },
    ]);
    events.forEach((event) => reporter.handle(event));
    const lines = text.trimEnd().split("\n");
    expect(lines).toHaveLength(events.length);
    for (const line of lines) {
      expect(validate(JSON.parse(line)), `${line}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });
});
