/** Exec and attach of fake containers: duplex streams with the engine's framing. */
import { Duplex, PassThrough } from "node:stream";
import { exitContainer } from "./lifecycle.ts";
import type { ExecCreateBody, ExecInspect } from "../../../engine/docker/types-system.ts";
import { emitContainer } from "./emit.ts";
import type { FakeContainer, FakeExec } from "./records.ts";
import { isUp, needContainer, refuse, type World } from "./world.ts";

export function createExec(world: World, reference: string, body: ExecCreateBody): string {
  const operation = `POST /containers/${reference}/exec`;
  const container = needContainer(world, reference, operation);
  if (!isUp(container)) throw refuse(409, operation, `Container ${container.id} is not running`);
  const id = world.newId("exec");
  world.execs.set(id, { id, container: container.id, body, running: false, exitCode: null });
  emitContainer(world, container, `exec_create: ${body.Cmd.join(" ")}`, { execID: id });
  return id;
}

/** Runs the process that the test gave the container; the stream ends when it has exited. */
export function startExec(world: World, execId: string, tty: boolean): Duplex {
  const exec = needExec(world, execId);
  const container = needContainer(world, exec.container, `POST /exec/${execId}/start`);
  const stdin = new PassThrough();
  const stream = new FrameStream(stdin, tty);
  exec.running = true;
  emitContainer(world, container, `exec_start: ${exec.body.Cmd.join(" ")}`, { execID: execId });
  void run(world, container, exec, stream, stdin).catch((error: unknown) => {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return stream;
}

export function inspectExec(world: World, execId: string): ExecInspect {
  const exec = needExec(world, execId);
  return { ID: exec.id, Running: exec.running, ExitCode: exec.exitCode, Pid: exec.running ? 4242 : 0 };
}

/** A stream on the container's own output and input; ends with the container. */
export function attachContainer(
  world: World,
  reference: string,
  options: { readonly logs?: boolean; readonly stdin?: boolean },
): Duplex {
  const container = needContainer(world, reference, `POST /containers/${reference}/attach`);
  const stdin = new PassThrough();
  const stream = new FrameStream(stdin, container.config.Tty === true);
  if (options.logs === true) for (const record of container.logs) stream.send(record.stream, record.text);
  container.attached.add(stream);
  stream.once("close", () => container.attached.delete(stream));
  stdin.on("data", (data: Buffer) => {
    const answer = world.behaviours.for(container).main?.(data.toString()) ?? { output: data.toString() };
    writeOutput(world, container, "stdout", answer.output);
    if (answer.exitCode !== undefined) exitContainer(world, container, answer.exitCode);
  });
  return stream;
}

/** A line of the container's main process: to its log and to whoever is attached. */
export function writeOutput(
  world: World,
  container: FakeContainer,
  stream: "stdout" | "stderr",
  text: string,
): void {
  container.logs.push({ stream, text, time: world.now() });
  for (const attached of container.attached) {
    if (attached instanceof FrameStream) attached.send(stream, text);
  }
  world.notify();
}

async function run(
  world: World,
  container: FakeContainer,
  exec: FakeExec,
  stream: FrameStream,
  stdin: PassThrough,
): Promise<void> {
  const { body } = exec;
  const behaviour = world.behaviours.for(container);
  const code = await behaviour.exec?.({
    container,
    command: body.Cmd,
    env: body.Env ?? [],
    user: body.User,
    workingDir: body.WorkingDir,
    tty: body.Tty === true,
    stdin,
    stdout: (data) => stream.send("stdout", data),
    stderr: (data) => stream.send("stderr", data),
  });
  exec.running = false;
  exec.exitCode = code ?? 0;
  emitContainer(world, container, "exec_die", { execID: exec.id, exitCode: String(exec.exitCode) });
  stream.push(null);
}

function needExec(world: World, execId: string): FakeExec {
  const exec = world.execs.get(execId);
  if (exec === undefined) throw refuse(404, `GET /exec/${execId}/json`, `No such exec instance: ${execId}`);
  return exec;
}

/** The client's end of a hijacked connection. */
export class FrameStream extends Duplex {
  readonly #stdin: PassThrough;
  readonly #raw: boolean;

  constructor(stdin: PassThrough, raw: boolean) {
    super({ allowHalfOpen: true });
    this.#stdin = stdin;
    this.#raw = raw;
  }

  send(stream: "stdout" | "stderr", data: string | Buffer): void {
    if (this.destroyed || this.readableEnded) return;
    const payload = Buffer.from(data);
    this.push(this.#raw ? payload : frame(stream, payload));
  }

  override _read(): void {
    // Output is pushed as it comes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#stdin.write(chunk);
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stdin.end();
    done();
  }
}

/** The engine's frame: stream number, three zeros, length, payload. */
export function frame(stream: "stdout" | "stderr", payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === "stdout" ? 1 : 2;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}
