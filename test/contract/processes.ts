/** Contract: exec, logs, attach, archives. */
import { packTar, unpackTar } from "modern-tar";
import type { Readable } from "node:stream";
import { expect, it } from "vitest";
import type { OutputChunk } from "../../engine/docker/api.ts";
import { demultiplex, passThrough } from "../../engine/docker/demultiplex.ts";
import { isConflict, isNotFound } from "../../engine/error.ts";
import { bodyOf, PREFIX, type EngineUnderTest } from "./engine-under-test.ts";

export function processContract(get: () => EngineUnderTest): void {
  const start = async (name: string, command?: readonly string[]): Promise<string> => {
    const { engine } = get();
    const change = command === undefined ? {} : { Cmd: command };
    const { id } = await engine.createContainer(`${PREFIX}-${name}`, bodyOf(get(), change));
    await engine.startContainer(id);
    return id;
  };

  it("runs a process with input, separate outputs and an exit code", async () => {
    const { engine } = get();
    const id = await start("exec");
    const exec = await engine.createExec(id, {
      Cmd: ["sh", "-c", 'read line; echo "got $line"; echo "env $A" >&2; exit 3'],
      Env: ["A=b"],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await engine.startExec(exec, { tty: false });
    stream.write("hello\n");
    expect(await collect(demultiplex(stream))).toEqual({ stdout: "got hello\n", stderr: "env b\n" });
    expect(await engine.inspectExec(exec)).toMatchObject({ ID: exec, Running: false, ExitCode: 3 });
  });

  it("runs a process with a terminal: one raw stream", async () => {
    const { engine } = get();
    const id = await start("tty");
    const Cmd = ["sh", "-c", "echo out; echo err >&2"];
    const exec = await engine.createExec(id, { Cmd, Tty: true, AttachStdout: true, AttachStderr: true });
    const stream = await engine.startExec(exec, { tty: true });
    const { stdout, stderr } = await collect(passThrough(stream));
    expect(stdout.replaceAll("\r", "")).toBe("out\nerr\n");
    expect(stderr).toBe("");
  });

  it("refuses to exec in a container that does not run", async () => {
    const { engine } = get();
    const { id } = await engine.createContainer(`${PREFIX}-stopped`, bodyOf(get()));
    await expect(engine.createExec(id, { Cmd: ["true"] })).rejects.toSatisfy(isConflict);
    await expect(engine.createExec(`${PREFIX}-none`, { Cmd: ["true"] })).rejects.toSatisfy(isNotFound);
  });

  it("keeps the logs, each stream by itself, and follows them to the end", async () => {
    const { engine } = get();
    const id = await start("logs", ["sh", "-c", "echo one; echo two >&2; echo three"]);
    const followed = await collect(engine.containerLogs(id, { follow: true, tty: false }));
    expect(followed).toEqual({ stdout: "one\nthree\n", stderr: "two\n" });
    const last = await collect(engine.containerLogs(id, { tail: 1, tty: false, timestamps: true }));
    // Which stream wrote last is not said: they are two pipes.
    expect(last.stdout + last.stderr).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z (three|two)\n$/);
    const none = collect(engine.containerLogs(`${PREFIX}-none`, { tty: false }));
    await expect(none).rejects.toSatisfy(isNotFound);
  });

  it("puts files into a container that has not started, and gets them back", async () => {
    const { engine } = get();
    const { id } = await engine.createContainer(`${PREFIX}-archive`, bodyOf(get()));
    const tar = await packTar([
      { header: { name: "note.txt", size: 5, type: "file", mode: 0o600 }, body: "hello" },
    ]);
    await engine.putArchive(id, "/tmp", Buffer.from(tar));
    const entries = await unpackTar(await bytes(await engine.getArchive(id, "/tmp/note.txt")));
    expect(entries.map((e) => e.header.name)).toEqual(["note.txt"]);
    expect(Buffer.from(entries[0]?.data ?? new Uint8Array()).toString()).toBe("hello");
    await expect(engine.getArchive(id, "/tmp/missing")).rejects.toSatisfy(isNotFound);
  });

  it("tells what is at a path, and that nothing is", async () => {
    const { engine } = get();
    const { id } = await engine.createContainer(`${PREFIX}-stat`, bodyOf(get()));
    const tar = await packTar([
      { header: { name: "box/note.txt", size: 5, type: "file", mode: 0o644 }, body: "hello" },
    ]);
    await engine.putArchive(id, "/tmp", Buffer.from(tar));
    expect(await engine.statPath(id, "/tmp/box/note.txt")).toMatchObject({ name: "note.txt", size: 5 });
    expect((await engine.statPath(id, "/tmp/box"))?.mode).toBeGreaterThanOrEqual(2 ** 31);
    expect(await engine.statPath(id, "/tmp/none")).toBeUndefined();
  });

  it("makes an image of a container, and gives its whole file system", async () => {
    const { engine } = get();
    const id = await start("commit");
    const body = { repository: `${PREFIX}-image`, tag: "one", pause: true };
    const image = await engine.commitContainer(id, body);
    expect((await engine.inspectImage(`${PREFIX}-image:one`))?.Id).toBe(image);
    await engine.removeImage(`${PREFIX}-image:one`);
    const tar = await packTar([{ header: { name: "made.txt", size: 2, type: "file" }, body: "hi" }]);
    await engine.putArchive(id, "/tmp", Buffer.from(tar));
    const entries = await unpackTar(await bytes(await engine.exportContainer(id)));
    expect(entries.map(({ header }) => header.name)).toContain("tmp/made.txt");
  });

  it("measures what a container uses", async () => {
    const { engine } = get();
    const id = await start("stats");
    for await (const { cpu_stats: cpu } of engine.containerStats(id, { stream: false })) {
      expect(cpu?.cpu_usage.total_usage).toBeGreaterThanOrEqual(0);
    }
  });

  it("attaches to a container before it starts and sees all of its output", async () => {
    const { engine } = get();
    const Cmd = ["sh", "-c", 'read line; echo "said $line"'];
    const { id } = await engine.createContainer(
      `${PREFIX}-attach`,
      bodyOf(get(), { Cmd, OpenStdin: true, StdinOnce: true, AttachStdin: true }),
    );
    const stream = await engine.attachContainer(id, { stdin: true, stdout: true, stderr: true });
    await engine.startContainer(id);
    stream.write("hi\n");
    expect((await collect(demultiplex(stream))).stdout).toBe("said hi\n");
  });
}

async function collect(chunks: AsyncIterable<OutputChunk>): Promise<{ stdout: string; stderr: string }> {
  const result = { stdout: "", stderr: "" };
  for await (const { stream, data } of chunks) result[stream] += data.toString();
  return result;
}

async function bytes(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
