import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { expect } from "vitest";
import { RandomChanges } from "../../support/scenario/random-changes.ts";
import { change } from "../../support/scenario/engine-socket.ts";
import { containerFile, containerOwner } from "../../support/scenario/manifest.ts";
import { SilentMount } from "../../support/scenario/silent-mount.ts";
import { scenario } from "../../support/scenario/scenario.ts";
import { expectEqualTrees, expectFile, idOf, interrupt, PATIENCE } from "./steps.ts";

/** `TCOMPOSE_WATCH_CHANGES=10000` makes the long run. */
const CHANGES = Number(process.env["TCOMPOSE_WATCH_CHANGES"] ?? 1_000);
const SEED = Number(process.env["TCOMPOSE_WATCH_SEED"] ?? 20_261_123);

scenario("sync brings saves, deletes, renames and new folders", import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "app");
  await watch.waitFor(/watch app: .*src/);
  const id = await idOf(s, "app-1");
  expect(await containerFile(id, "/app/src/main.txt")).toBe("first\n");

  await s.stack.write("app/src/main.txt", "second\n");
  await expectFile(id, "/app/src/main.txt", "second\n");
  await s.stack.write("app/src/.main.txt.new", "saved atomically\n");
  await rename(s.stack.path("app/src/.main.txt.new"), s.stack.path("app/src/main.txt"));
  await expectFile(id, "/app/src/main.txt", "saved atomically\n");
  await mkdir(s.stack.path("app/src/deep/er"), { recursive: true });
  await s.stack.write("app/src/deep/er/file", "deep\n");
  await symlink("deep/er/file", s.stack.path("app/src/link"));
  await expectEqualTrees(s.stack.path("app/src"), id, "/app/src");
  await rename(s.stack.path("app/src/deep"), s.stack.path("app/src/moved"));
  await rm(s.stack.path("app/src/main.txt"));
  await expectEqualTrees(s.stack.path("app/src"), id, "/app/src");

  await mkdir(s.stack.path("app/src/cache"));
  await s.stack.write("app/src/cache/ignored", "");
  // Written in pieces, and looked at again when it is at rest.
  const large = "0123456789abcdef".repeat(200_000);
  for (let end = large.length / 4; end <= large.length; end += large.length / 4)
    await s.stack.write("app/src/large", large.slice(0, end));
  await expectFile(id, "/app/src/large", large);
  await s.stack.write("app/src/last", "");
  await expectFile(id, "/app/src/last", "");
  expect(await containerFile(id, "/app/src/cache/ignored")).toBeUndefined();
  expect(await interrupt(watch)).toMatch(/watch app: main\.txt \d+ ms/);
});

scenario("restart, sync+restart and sync+exec do what they say", import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "app");
  await watch.waitFor(/watch app: .*src/);
  const id = await idOf(s, "app-1");
  const startedAt = async (): Promise<string> => (await s.engine.container("app-1")).startedAt;

  await s.stack.write("app/gen/input", "generated\n");
  await expectFile(id, "/app/output", "generated\n");
  const first = await startedAt();
  await s.stack.write("app/conf/name", "two\n");
  await watch.waitFor("restarted in");
  const second = await startedAt();
  expect(second).not.toBe(first);
  expect(await s.engine.logs("app-1")).toContain("two\n");
  await s.stack.write("app/restart", "2\n");
  await expect.poll(startedAt, PATIENCE).not.toBe(second);
  expect(await idOf(s, "app-1")).toBe(id);
  // What was synced before survives, and syncing goes on.
  await s.stack.write("app/src/main.txt", "after the restart\n");
  await expectFile(id, "/app/src/main.txt", "after the restart\n");
  await interrupt(watch);
});

scenario(
  "a rebuild replaces the container; a failed one keeps it and is tried again with the next change",
  import.meta.filename,
  async (s) => {
    const watch = s.cli.start("watch", "built");
    await watch.waitFor(/watch built: .*version/);
    const first = await idOf(s, "built-1");
    const image = (await s.engine.imageId(`${s.project}-built`)) ?? "";
    await s.stack.edit(
      "built/Dockerfile",
      "COPY site /site",
      "COPY site /site\nRUN test 2 != $(cat /version)",
    );
    await s.stack.write("built/version", "2\n");
    await watch.waitFor("build failed, the old containers keep running");
    expect(await s.engine.summary()).toEqual(["built-1 running"]);
    expect(await idOf(s, "built-1")).toBe(first);

    await s.stack.write("built/version", "3\n");
    await watch.waitFor("rebuilt and replaced");
    const second = await idOf(s, "built-1");
    expect(second).not.toBe(first);
    expect(await containerFile(second, "/version")).toBe("3\n");
    // A day of rebuilds must not fill the disk.
    expect(await s.engine.imageId(image)).toBeUndefined();
    await s.stack.write("built/site/index.html", "edited\n");
    await expectFile(second, "/site/index.html", "edited\n");
    await interrupt(watch);
    await s.cli.ok("down", "--rmi", "local", "-t", "0");
  },
);

scenario("every replica gets the change, owned by the container's user", import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "twin");
  await watch.waitFor(/watch twin: .*src/);
  await s.stack.write("app/src/main.txt", "for both\n");
  for (const name of ["twin-1", "twin-2"]) {
    const id = await idOf(s, name);
    await expectFile(id, "/srv/main.txt", "for both\n");
    expect(await containerOwner(id, "/srv/main.txt")).toBe("1234:567");
  }
  await watch.waitFor("main.txt to 2 containers");

  // A stopped one as well; the other way in gives the same owner.
  const stopped = await idOf(s, "twin-2");
  await change("POST", `/containers/${stopped}/stop?t=0`);
  await s.stack.write("app/src/new.txt", "while stopped\n");
  await expectFile(stopped, "/srv/new.txt", "while stopped\n");
  expect(await containerOwner(stopped, "/srv/new.txt")).toBe("1234:567");
  await rm(s.stack.path("app/src/main.txt"));
  await expectFile(await idOf(s, "twin-1"), "/srv/main.txt", undefined);
  await change("POST", `/containers/${stopped}/start`);
  await expectFile(stopped, "/srv/main.txt", undefined);
  expect(await interrupt(watch)).not.toContain("failed");
});

scenario("a container that somebody else recreates gets the edits again", import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "app");
  await watch.waitFor(/watch app: .*src/);
  const first = await idOf(s, "app-1");
  await s.stack.write("app/src/main.txt", "edited\n");
  await expectFile(first, "/app/src/main.txt", "edited\n");
  await s.cli.ok("up", "-d", "--force-recreate", "app");
  const second = await idOf(s, "app-1");
  expect(second).not.toBe(first);
  await expectFile(second, "/app/src/main.txt", "edited\n");
  await interrupt(watch);
});

scenario(
  "a container that is removed by force is made again with the edits; after a down watch waits for the next up",
  import.meta.filename,
  async (s) => {
    const watch = s.cli.start("watch", "app");
    await watch.waitFor(/watch app: .*src/);
    const first = await idOf(s, "app-1");
    await s.stack.write("app/src/main.txt", "edited\n");
    await expectFile(first, "/app/src/main.txt", "edited\n");
    await change("DELETE", `/containers/${first}?force=1`);
    await watch.waitFor("app-1 was removed, made again in");
    const second = await idOf(s, "app-1");
    await expectFile(second, "/app/src/main.txt", "edited\n");

    await s.cli.ok("down", "-t", "0");
    await watch.waitFor("watch app: no container is left, changes wait for a new one");
    await s.stack.write("app/src/main.txt", "while away\n");
    await s.cli.ok("up", "-d", "app");
    await expectFile(await idOf(s, "app-1"), "/app/src/main.txt", "while away\n");
    expect(await interrupt(watch)).not.toContain("failed");
  },
);

scenario(
  "a change of the stack file is applied; an invalid one keeps the last good state and shows the place",
  import.meta.filename,
  async (s) => {
    const watch = s.cli.start("watch", "app");
    await watch.waitFor(/watch app: .*src/);
    const first = await idOf(s, "app-1");
    await s.stack.edit("compose.yaml", "GREETING: hello", "GREETING: goodbye");
    await watch.waitFor("compose.yaml: applied in");
    const second = await s.engine.container("app-1");
    expect(second.id).not.toBe(first);
    expect(second.env["GREETING"]).toBe("goodbye");
    await expectFile(second.id, "/app/src/main.txt", "first\n");

    const line = await s.stack.edit(
      "compose.yaml",
      "    environment:\n      GREETING",
      "    enviroment:\n      GREETING",
    );
    await watch.waitFor("not valid, the last good state stays");
    expect(watch.output).toContain(`compose.yaml:${line}:`);
    await s.stack.write("app/src/main.txt", "still synced\n");
    await expectFile(second.id, "/app/src/main.txt", "still synced\n");

    await s.stack.edit("compose.yaml", "enviroment", "environment");
    await watch.waitFor("changed, nothing to do");
    // Rules are taken over, too.
    await s.stack.edit("compose.yaml", "target: /app/src,", "target: /other,");
    await expectFile((await s.engine.container("app-1")).id, "/other/main.txt", "still synced\n");
    await interrupt(watch);
  },
);

scenario("an image without a shell is synced through archives", import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "bare");
  await watch.waitFor(/watch bare: .*src/);
  const id = await idOf(s, "bare-1");
  expect(await containerFile(id, "/srv/main.txt")).toBe("bare\n");
  await s.stack.write("bare/src/main.txt", "edited\n");
  await expectFile(id, "/srv/main.txt", "edited\n");
  // Nothing in the image can delete: that is said, and the rest goes on.
  await rm(s.stack.path("bare/src/main.txt"));
  await watch.waitFor("/srv/main.txt stays in the container, the image has no shell");
  await s.stack.write("bare/src/other.txt", "more\n");
  await expectFile(id, "/srv/other.txt", "more\n");
  expect(await interrupt(watch)).not.toContain("failed");
  await s.cli.ok("down", "--rmi", "local", "-t", "0");
});

scenario("a file for which there is no room holds back no other", import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "small");
  await watch.waitFor(/watch small: .*src/);
  const inside = async (command: string): Promise<string> =>
    (await s.cli.ok("exec", "-T", "small", "sh", "-c", `cd /small && ${command}`)).stdout;
  await s.stack.write("app/src/large", "x".repeat(200_000));
  await watch.waitFor(
    /sync failed: cannot write \/small\/large in the container: .*\/small\/large.*No space left/,
  );
  await s.stack.write("app/src/main.txt", "second\n");
  await expect.poll(() => inside("cat main.txt"), PATIENCE).toBe("second\n");
  // Nothing half-written stays, and it is said once.
  expect(await inside("ls -A")).toBe("main.txt\n");
  expect(watch.output.split("sync failed")).toHaveLength(2);
  await s.stack.write("app/src/large", "fits now");
  await expect.poll(() => inside("cat large"), PATIENCE).toBe("fits now");
  await interrupt(watch);
});

scenario(
  "a mount that tells of no changes is looked at instead, and says so",
  import.meta.filename,
  async (s) => {
    const elsewhere = s.stack.path("elsewhere");
    await rename(s.stack.path("app/src"), elsewhere);
    await mkdir(s.stack.path("app/src"));
    const mount = SilentMount.of(elsewhere, s.stack.path("app/src"));
    try {
      const watch = s.cli.start("watch", "app");
      await watch.waitFor(/watch app: .*src/);
      const id = await idOf(s, "app-1");
      expect(await containerFile(id, "/app/src/main.txt")).toBe("first\n");
      await s.stack.write("elsewhere/main.txt", "second\n");
      await watch.waitFor(
        "app/src is on a mount that does not tell of changes: looking at the files instead",
      );
      await expectFile(id, "/app/src/main.txt", "second\n");
      await s.stack.write("elsewhere/new/file", "third\n");
      await rm(s.stack.path("elsewhere/main.txt"));
      await expectEqualTrees(elsewhere, id, "/app/src");
      // New rules do not begin anew with what is known.
      await s.stack.edit("compose.yaml", "target: /app/conf }", "target: /other }");
      await watch.waitFor("compose.yaml: what is watched has changed");
      await s.stack.write("elsewhere/new/file", "fourth\n");
      await expectFile(id, "/app/src/new/file", "fourth\n");
      const output = await interrupt(watch);
      expect(output.split("does not tell of changes")).toHaveLength(2);
    } finally {
      await mount.end();
    }
  },
);

scenario("a checkout of many files at once arrives whole", import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "app");
  await watch.waitFor(/watch app: .*src/);
  const id = await idOf(s, "app-1");
  for (let branch = 0; branch < 2; branch += 1) {
    await rm(s.stack.path("app/src"), { recursive: true });
    for (let folder = 0; folder < 20; folder += 1) {
      await mkdir(s.stack.path(`app/src/${branch}-${folder % 15}/deep-${folder}`), { recursive: true });
      const files = Array.from(
        { length: 20 },
        (_, at) => `app/src/${branch}-${folder % 15}/deep-${folder}/${at}`,
      );
      await Promise.all(files.map((file) => writeFile(s.stack.path(file), `${branch} ${file}`)));
    }
    await expectEqualTrees(s.stack.path("app/src"), id, "/app/src");
  }
  await interrupt(watch);
});

scenario("a tree a thousand levels deep arrives, and goes again", import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "app");
  await watch.waitFor(/watch app: .*src/);
  const id = await idOf(s, "app-1");
  const deepest = "d/".repeat(1_000);
  await mkdir(s.stack.path(`app/src/${deepest}`), { recursive: true });
  await s.stack.write(`app/src/${deepest}file`, "deep\n");
  await expectEqualTrees(s.stack.path("app/src"), id, "/app/src");
  await rm(s.stack.path("app/src/d"), { recursive: true });
  await expectEqualTrees(s.stack.path("app/src"), id, "/app/src");
  expect(await interrupt(watch)).not.toMatch(/failed|left out/);
});

scenario(`${CHANGES} random changes end with equal trees (seed ${SEED})`, import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "app");
  await watch.waitFor(/watch app: .*src/);
  await new RandomChanges(s.stack.path("app/src"), SEED).make(CHANGES);
  await expectEqualTrees(s.stack.path("app/src"), await idOf(s, "app-1"), "/app/src");
  await interrupt(watch);
});

scenario("nothing stays in the container when watching is killed", import.meta.filename, async (s) => {
  const watch = s.cli.start("watch", "app");
  await watch.waitFor(/watch app: .*src/);
  await s.stack.write("app/src/main.txt", "edited\n");
  const { id } = await s.engine.container("app-1");
  await expectFile(id, "/app/src/main.txt", "edited\n");
  const processes = async (): Promise<readonly string[]> => s.engine.processes("app-1");
  expect(await processes()).toHaveLength(2);
  watch.kill("SIGKILL");
  await watch.finished;
  await expect.poll(processes, PATIENCE).toEqual(["sleep infinity"]);
});

scenario("rules that cannot work are refused before anything starts", import.meta.filename, async (s) => {
  await s.stack.edit(
    "compose.yaml",
    "{ action: restart, path: ./app/restart }",
    "{ action: rebuild, path: ./app/restart }",
  );
  const result = await s.cli.run("watch", "app");
  expect(result.code).not.toBe(0);
  expect(result.stderr).toContain('service "app" has a watch rule that rebuilds it, but no build');
  expect(await s.engine.containers()).toEqual([]);
});
