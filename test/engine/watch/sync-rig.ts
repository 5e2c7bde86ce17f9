/** A container that is a folder of this machine, and a host folder that is synced into it. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { SyncPath } from "../../../engine/watch/sync/change.ts";
import { ContainerSync } from "../../../engine/watch/sync/container-sync.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";
import { runLocally } from "./fake-shell.ts";

export class SyncRig {
  readonly place = realpathSync(mkdtempSync(join(tmpdir(), "tcompose-sync-")));
  readonly host = join(this.place, "host");
  readonly inside = join(this.place, "inside");
  readonly fake = new FakeEngine();
  readonly shells = new Set<ChildProcess>();
  readonly unreadable: string[] = [];
  readonly sync = this.createSync("web");

  /** The container `web` runs a real shell. */
  async start(): Promise<void> {
    mkdirSync(this.host);
    mkdirSync(this.inside);
    this.fake.addImage("app");
    await this.fake.createContainer("web", { Image: "app", HostConfig: {} });
    await this.fake.startContainer("web");
    this.fake.behave("web", { exec: runLocally(["/bin/sh"], this.shells) });
  }

  end(): void {
    this.sync.close();
    this.fake.close();
    rmSync(this.place, { recursive: true });
  }

  createSync(container: string, onRead: () => void = () => undefined): ContainerSync {
    const { fake, unreadable } = this;
    return new ContainerSync({
      engine: fake,
      container,
      onUnreadable: (path) => unreadable.push(path),
      onRead,
    });
  }

  at(...names: string[]): SyncPath[] {
    return names.map((name) => ({ source: join(this.host, name), target: join(this.inside, name) }));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.host, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.inside, name), "utf8");
  }

  /** How many archives the engine was sent. */
  get uploads(): number {
    return this.fake.calls.filter(({ method }) => method === "putArchive").length;
  }
}

/** A new one for each test. */
export function useSyncRig(): () => SyncRig {
  let rig: SyncRig | undefined;
  const current = (): SyncRig => {
    if (rig === undefined) throw new Error("no test is running");
    return rig;
  };
  beforeEach(async () => {
    rig = new SyncRig();
    await rig.start();
  });
  afterEach(() => current().end());
  return current;
}
