/** One run at a time on a project. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lockProject, type LockHolder, type LockOptions } from "../../../engine/docker/project-lock.ts";
import { sha256 } from "../../../engine/hash.ts";

const directory = mkdtempSync(join(tmpdir(), "tcompose-lock-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let count = 0;
const freshName = (): string => `lock-test-${(count += 1)}-${process.pid}`;

function options(project: string, more: Partial<LockOptions> = {}): LockOptions {
  const holder: LockHolder = { pid: process.pid, command: "up" };
  return { endpoint: "tcp://engine:1", project, holder, wait: true, ...more };
}

/** The lock, and what the waiter was told, as soon as it waits. */
function startWaiting(given: LockOptions): {
  told: Promise<LockHolder>;
  locked: ReturnType<typeof lockProject>;
} {
  let tell: (holder: LockHolder) => void = () => undefined;
  const told = new Promise<LockHolder>((resolve) => (tell = resolve));
  return { told, locked: lockProject({ ...given, onWait: tell }) };
}

describe.each([
  ["the system's own way", {}],
  ["an address too long for a socket's name", { endpoint: `tcp://${"engine.".repeat(20)}:1` }],
  ["socket files", { directory }],
])("%s", (_, more: Partial<LockOptions>) => {
  it("makes the second wait for the first, and says for whom", async () => {
    const project = freshName();
    const first = await lockProject(options(project, more));
    const second = startWaiting(options(project, more));
    expect(await second.told).toEqual({ pid: process.pid, command: "up" });
    first.release();
    (await second.locked).release();
  });

  it("lets one of many in at a time", async () => {
    const project = freshName();
    let inside = 0;
    const most: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const lock = await lockProject(options(project, more));
        inside += 1;
        most.push(inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        lock.release();
      }),
    );
    expect(most).toEqual(Array.from({ length: 8 }, () => 1));
  });

  it("refuses where nobody wants to wait", async () => {
    const project = freshName();
    const first = await lockProject(options(project, more));
    await expect(lockProject(options(project, { ...more, wait: false }))).rejects.toThrow(
      `another run works on project "${project}": \`up\`, process ${process.pid}`,
    );
    first.release();
  });

  it("ends the wait when it is aborted", async () => {
    const project = freshName();
    const first = await lockProject(options(project, more));
    const controller = new AbortController();
    const second = startWaiting(options(project, { ...more, signal: controller.signal }));
    await second.told;
    controller.abort();
    await expect(second.locked).rejects.toMatchObject({ code: "aborted" });
    first.release();
  });

  it("is another one for another project and another engine", async () => {
    const project = freshName();
    const locks = await Promise.all([
      lockProject(options(project, more)),
      lockProject(options(`${project}-b`, more)),
      lockProject(options(project, { ...more, endpoint: "tcp://engine:2" })),
    ]);
    for (const lock of locks) lock.release();
  });
});

it("dies with its holder, also of SIGKILL", async () => {
  const project = freshName();
  const name = `tcompose-${sha256(`tcp://engine:1\0${project}`).slice(0, 32)}`;
  const script = `require("node:net").createServer((s) => s.write('{"pid":1,"command":"up"}\\n')).listen(process.argv[1], () => console.log("held"))`;
  const address = join(directory, `${name}.sock`);
  const child = spawn(process.execPath, ["-e", script, address], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const second = startWaiting(options(project, { directory }));
  expect(await second.told).toEqual({ pid: 1, command: "up" });
  child.kill("SIGKILL");
  (await second.locked).release();
});

it("takes over a socket file that nobody answers on", async () => {
  const project = freshName();
  const name = `tcompose-${sha256(`tcp://engine:1\0${project}`).slice(0, 32)}`;
  writeFileSync(join(directory, `${name}.sock`), "");
  (await lockProject(options(project, { directory }))).release();
});
