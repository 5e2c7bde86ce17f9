/** Bind mounts and volumes inside what is watched: they hold what is somebody else's. */
import { readFile, readdir, rm } from "node:fs/promises";
import { expect } from "vitest";
import { containerFile } from "../../support/scenario/manifest.ts";
import { scenario } from "../../support/scenario/scenario.ts";

const STACK = `services:
  app:
    image: tcompose-test/busybox
    command: ["sleep", "infinity"]
    stop_signal: SIGKILL
    volumes: ["./tree/data:/app/data", "./precious:/app/folder/precious", "store:/app/store"]
    develop:
      watch:
        - { action: sync, path: ./tree, target: /app, initial_sync: true }
volumes:
  store:
`;

scenario(
  "what is mounted below a target is not written by watch, nor emptied when the folder around it goes",
  import.meta.filename,
  async (s) => {
    await s.stack.write("compose.yaml", STACK);
    for (const file of ["tree/data/file", "tree/folder/file", "tree/store/file", "precious/file"])
      await s.stack.write(file, "1\n");
    const watch = s.cli.start("watch");
    await watch.waitFor(/watch app: .*tree/);
    await watch.waitFor("watch app: /app/data is a bind mount already, nothing to sync");
    const { id } = await s.engine.container("app-1");
    const wait = (path: string, text: string | undefined): Promise<void> =>
      expect.poll(() => containerFile(id, path), { timeout: 20_000, interval: 50 }).toBe(text);

    // Written to the host itself it would come back as a change, for ever.
    await s.stack.write("tree/data/file", "2\n");
    await s.stack.write("tree/last", "1\n");
    await wait("/app/last", "1\n");
    await s.cli.ok("exec", "-T", "app", "sh", "-c", "echo mine >/app/store/own");
    for (const folder of ["data", "folder", "store"])
      await rm(s.stack.path(`tree/${folder}`), { recursive: true });
    await wait("/app/folder/file", undefined);
    await wait("/app/store/file", undefined);
    expect(await containerFile(id, "/app/store/own")).toBe("mine\n");
    expect(await readdir(s.stack.path("precious"))).toEqual(["file"]);
    expect(await readFile(s.stack.path("precious/file"), "utf8")).toBe("1\n");

    watch.kill("SIGINT");
    const { stderr } = await watch.finished;
    expect(stderr).not.toMatch(/failed|data\/file/);
  },
);
