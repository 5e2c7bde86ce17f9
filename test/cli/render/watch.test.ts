import { describe, expect, it } from "vitest";
import { palette } from "../../../cli/render/color.ts";
import { renderWatchEvent } from "../../../cli/render/watch.ts";
import type { WatchEvent } from "../../../engine/watch/event.ts";

const render = (event: WatchEvent): string | undefined =>
  renderWatchEvent(event, palette(false), (path) => path.replace("/p/", ""));

const SYNCED: Extract<WatchEvent, { type: "synced" }> = {
  type: "synced",
  service: "web",
  containers: ["web-1"],
  written: 1,
  deleted: 0,
  bytes: 10,
  via: "shell",
  durationMs: 8.4,
  reason: "change",
  example: "src/page.js",
};

const FAILED: Extract<WatchEvent, { type: "failed" }> = {
  type: "failed",
  service: "web",
  action: "sync",
  error: { code: "x", message: "cannot write /a in the container: no space" },
};

describe("lines of watch", () => {
  it.each<[WatchEvent, string]>([
    [SYNCED, "watch web: src/page.js 8 ms"],
    [{ ...SYNCED, written: 0, deleted: 1 }, "watch web: deleted src/page.js 8 ms"],
    [
      { ...SYNCED, written: 30, deleted: 2, containers: ["a", "b"], durationMs: 1234 },
      "watch web: 30 files synced, 2 files deleted to 2 containers 1.2s",
    ],
    [
      { ...SYNCED, reason: "container-started", example: undefined },
      "watch web: 1 file synced (container started) 8 ms",
    ],
    [
      { type: "done", service: "web", action: "rebuild", durationMs: 2000 },
      "watch web: rebuilt and replaced in 2.0s",
    ],
    [
      {
        type: "failed",
        service: "web",
        action: "exec",
        error: { code: "x", message: "exit 1", details: ["oh"], hint: "look" },
      },
      "watch web: command failed: exit 1\n  | oh\n  hint: look",
    ],
    [
      { type: "not-deleted", service: "web", targets: ["/a", "/b"], reason: "the image has no shell" },
      "watch web: /a and 1 more stays in the container, the image has no shell\n  a rebuild takes it away",
    ],
    [
      { type: "restored", service: "web", containers: ["web-1"], durationMs: 612 },
      "watch web: web-1 was removed, made again in 612 ms",
    ],
    [
      { type: "gone", services: ["web", "api"] },
      "watch web, api: no container is left, changes wait for a new one",
    ],
    [
      { ...FAILED, containers: ["web-2"] },
      "watch web: sync failed in web-2: cannot write /a in the container: no space",
    ],
    [{ type: "engine", state: "back" }, "watch the engine answers again"],
    [
      { type: "reloaded", outcome: "invalid", files: ["/p/compose.yaml"], durationMs: 1 },
      "watch compose.yaml: not valid, the last good state stays",
    ],
    [
      { type: "reloaded", outcome: "rules", files: ["/p/compose.yaml"], durationMs: 1 },
      "watch compose.yaml: what is watched has changed",
    ],
    [
      { type: "ready", services: [], roots: [], durationMs: 1 },
      "watch no service has anything to watch any more, waiting for the stack file",
    ],
    [
      {
        type: "notice",
        notice: {
          type: "polling",
          reason: "limit",
          limit: "max_user_watches",
          allowed: 8192,
          needed: 20_000,
        },
      },
      "watch the system's limit fs.inotify.max_user_watches (now 8192) is too low, more than 20000 are needed: looking at the files instead\n  raise it with: sudo sysctl fs.inotify.max_user_watches=65536",
    ],
  ])("%#: say what, where, how many and how long", (event, line) => {
    expect(render(event)).toBe(line);
  });

  it("has none for what is over in a moment", () => {
    expect(render({ type: "started", service: "web", action: "restart", paths: 1 })).toBeUndefined();
  });
});
