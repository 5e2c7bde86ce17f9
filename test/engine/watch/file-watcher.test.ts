import { EventEmitter } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FSWatcher } from "chokidar";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  FileWatcher,
  type FileWatcherOptions,
  type WatcherNotice,
} from "../../../engine/watch/file-watcher.ts";

let root: string;
let watcher: FileWatcher | undefined;
let notices: WatcherNotice[];
let seen: Set<string>;
let onSeen: () => void;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "tcompose-watch-")));
  notices = [];
  seen = new Set();
  onSeen = () => undefined;
});
afterEach(async () => {
  await watcher?.close();
  rmSync(root, { recursive: true, force: true });
});

async function start(options: Partial<FileWatcherOptions> = {}): Promise<void> {
  watcher = new FileWatcher({
    roots: [{ path: root, isFile: false }],
    isIgnored: (path) => path.includes("ignored"),
    onPath: (path) => {
      seen.add(path);
      onSeen();
    },
    onNotice: (notice) => {
      notices.push(notice);
      onSeen();
    },
    ...options,
  });
  await watcher.start();
}

/** Resolves as soon as all of these have been told. */
function told(...names: string[]): Promise<void> {
  return until(() => names.every((name) => seen.has(join(root, name))));
}

function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    onSeen = () => {
      if (holds()) resolve();
    };
    onSeen();
  });
}

function kernelWatches(): number {
  const folder = "/proc/self/fdinfo";
  const texts = readdirSync(folder).map((name) => {
    try {
      return readFileSync(join(folder, name), "utf8");
    } catch {
      // The listing's own.
      return "";
    }
  });
  return texts.join("").split("inotify ").length - 1;
}

describe("file watcher", () => {
  it("tells of writes, mode changes, renames and deletes, deep ones too", async () => {
    mkdirSync(join(root, "deep/er"), { recursive: true });
    writeFileSync(join(root, "deep/er/file"), "1");
    await start();
    writeFileSync(join(root, "deep/er/file"), "2");
    await told("deep/er/file");
    seen.clear();
    chmodSync(join(root, "deep/er/file"), 0o700);
    await told("deep/er/file");
    seen.clear();
    renameSync(join(root, "deep/er/file"), join(root, "deep/er/other"));
    await told("deep/er/file", "deep/er/other");
    seen.clear();
    rmSync(join(root, "deep"), { recursive: true });
    await told("deep/er/other", "deep");
  });

  it("sees into new folders, and goes on when the root itself is replaced", async () => {
    await start();
    mkdirSync(join(root, "new/er"), { recursive: true });
    writeFileSync(join(root, "new/er/file"), "1");
    await told("new/er/file");
    seen.clear();
    rmSync(root, { recursive: true });
    await told("new/er/file");
    mkdirSync(root);
    writeFileSync(join(root, "again"), "1");
    await told("again");
  });

  it("goes on when a folder above the root is removed and made again", async () => {
    mkdirSync(join(root, "app/src"), { recursive: true });
    await start({ roots: [{ path: join(root, "app/src"), isFile: false }] });
    for (const text of ["1", "2"]) {
      rmSync(join(root, "app"), { recursive: true });
      await told("app/src");
      seen.clear();
      mkdirSync(join(root, "app/src/deep"), { recursive: true });
      writeFileSync(join(root, "app/src/deep/file"), text);
      await told("app/src/deep/file");
      seen.clear();
    }
  });

  it("tells of changes under the present names of folders that were moved or replaced", async () => {
    mkdirSync(join(root, "a/er"), { recursive: true });
    writeFileSync(join(root, "a/er/file"), "1");
    await start();
    renameSync(join(root, "a"), join(root, "b"));
    await told("a", "b/er/file");
    mkdirSync(join(root, "a"));
    await told("a");
    seen.clear();
    writeFileSync(join(root, "b/er/file"), "2");
    writeFileSync(join(root, "a/other"), "1");
    await told("b/er/file", "a/other");
    // Named like its own folder: the end of a folder is told under that name.
    mkdirSync(join(root, "b/b/b"), { recursive: true });
    writeFileSync(join(root, "b/b/b/b"), "1");
    await told("b/b/b/b");
    seen.clear();
    writeFileSync(join(root, "b/er/file"), "3");
    await told("b/er/file");
  });

  it("finds folders whose events were lost", async () => {
    let hidden = true;
    await start({ isIgnored: (path) => hidden && path.endsWith("missed") });
    mkdirSync(join(root, "missed"));
    writeFileSync(join(root, "seen"), "1");
    await told("seen");
    hidden = false;
    await watcher?.refresh();
    writeFileSync(join(root, "missed/file"), "1");
    await told("missed/file");
  });

  it("keeps one kernel watch a folder, none in what is ignored", async () => {
    for (const folder of ["a/b", "c", "ignored/deep"]) mkdirSync(join(root, folder), { recursive: true });
    for (let at = 0; at < 20; at += 1) writeFileSync(join(root, `a/${at}`), "1");
    const before = kernelWatches();
    await start();
    // The root, the folder that holds it, a, a/b and c.
    expect(kernelWatches() - before).toBe(5);
    await watcher?.close();
    expect(kernelWatches()).toBe(before);
  });

  it("waits for a root that is not there yet", async () => {
    await start({ roots: [{ path: join(root, "later"), isFile: false }], isIgnored: () => false });
    mkdirSync(join(root, "later"));
    writeFileSync(join(root, "later/file"), "1");
    await told("later/file");
  });

  it("does not follow links, nor enter what is ignored", async () => {
    mkdirSync(join(root, "ignored"));
    symlinkSync(".", join(root, "loop"));
    await start();
    writeFileSync(join(root, "ignored/file"), "1");
    writeFileSync(join(root, "last"), "1");
    await told("last");
    expect([...seen].filter((path) => path.includes("ignored") || path.includes("loop/"))).toEqual([]);
  });

  it("keeps watching a single file that editors replace, and only that one", async () => {
    writeFileSync(join(root, "one"), "1");
    await start({ roots: [{ path: join(root, "one"), isFile: true }], isIgnored: () => true });
    for (const text of ["2", "3"]) {
      writeFileSync(join(root, "other"), text);
      writeFileSync(join(root, "one.new"), text);
      seen.clear();
      renameSync(join(root, "one.new"), join(root, "one"));
      await told("one");
    }
    expect(seen.has(join(root, "other"))).toBe(false);
  });

  it("trusts a mount of unknown kind as long as it tells of its changes", async () => {
    mkdirSync(join(root, "folder/deep"), { recursive: true });
    const looks: string[] = [];
    await start({ isLocal: (path) => Promise.resolve(looks.push(path) < 0) });
    writeFileSync(join(root, "folder/file"), "1");
    renameSync(join(root, "folder"), join(root, "moved"));
    await told("moved/file");
    expect(looks).toEqual([root]);
    expect(notices).toEqual([]);
    expect(watcher?.polling).toBe(false);
  });
});

/** A watcher that tells of nothing by itself. */
class SilentWatcher extends EventEmitter {
  readonly closed: boolean[] = [];

  constructor(first: "ready" | Error = "ready") {
    super();
    queueMicrotask(() => (first === "ready" ? this.emit("ready") : this.emit("error", first)));
  }

  getWatched(): Record<string, string[]> {
    return { [root]: Array.from({ length: 8000 }, (_, index) => String(index)) };
  }

  close(): Promise<void> {
    this.closed.push(true);
    return Promise.resolve();
  }
}

describe("fall back to polling", () => {
  const made: { watcher: SilentWatcher; usePolling: boolean; interval: number }[] = [];
  const watch: FileWatcherOptions["watch"] = (_paths, { usePolling = false, interval = 0 }) => {
    const silent = new SilentWatcher();
    made.push({ watcher: silent, usePolling, interval });
    return silent as unknown as FSWatcher;
  };
  beforeEach(() => (made.length = 0));

  it("where a mount is silent, tells of what has changed, and looks at large trees less often", async () => {
    mkdirSync(join(root, "ignored"));
    writeFileSync(join(root, "gone"), "1");
    await start({ watch, isLocal: () => Promise.resolve(false) });
    writeFileSync(join(root, "ignored/file"), "1");
    writeFileSync(join(root, "file"), "1");
    rmSync(join(root, "gone"));
    await told("file", "gone");
    expect([...seen].filter((path) => path.includes("ignored"))).toEqual([]);
    expect(notices).toEqual([{ type: "polling", root, reason: "silent" }]);
    expect(made.map(({ usePolling }) => usePolling)).toEqual([false, true]);
    expect(made[1]?.interval).toBeGreaterThan(300);
    expect(made[0]?.watcher.closed).toEqual([true]);
  });

  it("from the beginning and without a word where a watcher before had to", async () => {
    await start({ watch, polls: true });
    expect(made.map(({ usePolling }) => usePolling)).toEqual([true]);
    expect(notices).toEqual([]);
  });

  it.each([
    ["ENOSPC", "max_user_watches"],
    ["EMFILE", "max_user_instances"],
  ])("at %s, and names the limit %s, what is needed and what is allowed", async (code, limit) => {
    await start({ watch, isLocal: () => Promise.resolve(true), readLimit: () => Promise.resolve(4096) });
    const error = Object.assign(new Error("no more"), { code });
    made[0]?.watcher.emit("error", error);
    made[0]?.watcher.emit("error", error);
    await expect.poll(() => made.length).toBe(2);
    expect(notices).toEqual([{ type: "polling", reason: "limit", limit, allowed: 4096, needed: 8001 }]);
  });

  it("also when the limit is met before everything is watched", async () => {
    const error = Object.assign(new Error("no more"), { code: "ENOSPC" });
    let started = 0;
    await start({
      isLocal: () => Promise.resolve(true),
      watch: () => new SilentWatcher(started++ === 0 ? error : "ready") as unknown as FSWatcher,
    });
    expect(watcher?.polling).toBe(true);
    expect(notices).toHaveLength(1);
  });

  it("not for other errors, which are told", async () => {
    await start({ watch, isLocal: () => Promise.resolve(true) });
    made[0]?.watcher.emit("error", Object.assign(new Error("gone"), { code: "ENOENT" }));
    made[0]?.watcher.emit("error", Object.assign(new Error("disk is on fire"), { code: "EIO" }));
    expect(notices).toEqual([{ type: "error", message: "disk is on fire" }]);
  });
});
