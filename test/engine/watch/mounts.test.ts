import { expect, it } from "vitest";
import type { SyncChange } from "../../../engine/watch/sync/change.ts";
import { guardMounts } from "../../../engine/watch/sync/mounts.ts";

const MOUNT = "/app/data/store";
const facts = {
  owner: { uid: 0, gid: 0 },
  archiveObstacle: () => undefined,
  mountIn: (target: string) => (MOUNT === target || MOUNT.startsWith(`${target}/`) ? MOUNT : undefined),
};
const known = ["/app/data", "/app/data/a", "/app/data/store", "/app/data/store/b"];

function guard(...changes: readonly SyncChange[]): unknown {
  const guarded = guardMounts(changes, facts, (target) =>
    known.filter((path) => path === target || path.startsWith(`${target}/`)),
  );
  return {
    changes: guarded.changes.map(({ kind, target }) => `${kind} ${target}`),
    refused: guarded.refused.map(({ change, reason }) => `${change.target}: ${reason}`),
  };
}

it("a place with a mount in it is emptied of what was brought there, and not taken away", () => {
  expect(guard({ kind: "delete", target: "/app/data" }, { kind: "delete", target: "/app/other" })).toEqual({
    changes: ["delete /app/data/a", "delete /app/data/store/b", "delete /app/other"],
    refused: [],
  });
});

it("nothing else can be put in its place", () => {
  expect(
    guard(
      { kind: "symlink", target: "/app/data", link: "x", mtimeMs: 0 },
      { kind: "directory", target: "/app/data", mode: 0o755, mtimeMs: 0 },
    ),
  ).toEqual({
    changes: ["directory /app/data"],
    refused: ["/app/data: something is mounted at /app/data/store"],
  });
});
