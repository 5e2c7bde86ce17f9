/**
 * One shell kept open in a container by one exec: writes, links and deletes cost a few milliseconds each, because
 * no new process has to be started by the engine. Source: Engine API `POST /containers/{id}/exec`, `/exec/{id}/start`.
 */
import type { Duplex } from "node:stream";
import type { EngineApi } from "../../docker/api.ts";
import { demultiplex } from "../../docker/demultiplex.ts";
import { EngineProtocolError, OperationError } from "../../error.ts";
import type { SyncChange } from "./change.ts";
import { SHELL_SCRIPT } from "./shell-script.ts";

interface Pending {
  resolve(): void;
  reject(error: unknown): void;
}

/** Files above this go by archive: the shell would hold the whole block in memory. */
export const SHELL_FILE_LIMIT = 4 * 1024 * 1024;

export interface OpenedShell {
  readonly kind: "open";
  readonly session: ShellSession;
}
/** The image has no shell, or one of the tools is not there. */
export interface NoShell {
  readonly kind: "none";
  readonly reason: string;
}

/** Opens the session and finds out whether the image has what it needs. */
export async function openShellSession(
  engine: EngineApi,
  container: string,
  user: string | undefined,
): Promise<OpenedShell | NoShell> {
  const exec = await engine.createExec(container, {
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Cmd: ["/bin/sh", "-c", SHELL_SCRIPT],
    ...(user === undefined ? {} : { User: user }),
  });
  const stream = await engine.startExec(exec, { tty: false });
  const session = new ShellSession(stream);
  const greeting = await session.greeting;
  if (greeting === "ready") return { kind: "open", session };
  session.close();
  return { kind: "none", reason: greeting };
}

export class ShellSession {
  /** First line that the script prints, or why there was none. */
  readonly greeting: Promise<string>;
  readonly #stream: Duplex;
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #closed = false;
  #errors = "";
  #greet: ((line: string) => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.greeting = new Promise((resolve) => {
      this.#greet = resolve;
    });
    stream.on("error", () => {
      this.#end();
    });
    void this.#read();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether a change can travel this way: line-based requests cannot carry line breaks in names. */
  static accepts(change: SyncChange): boolean {
    if (change.target.includes("\n")) return false;
    if (change.kind === "symlink") return !change.link.includes("\n");
    return change.kind !== "file" || change.content.length <= SHELL_FILE_LIMIT;
  }

  /** Applies one change; resolves when the container has acknowledged it, rejects with OperationError. */
  apply(change: SyncChange): Promise<void> {
    if (this.#closed)
      return Promise.reject(new EngineProtocolError("the sync session in the container ended"));
    const number = this.#next++;
    const acknowledged = new Promise<void>((resolve, reject) => {
      this.#pending.set(number, { resolve, reject });
    });
    this.#stream.write(encode(number, change));
    return acknowledged;
  }

  close(): void {
    if (this.#closed) return;
    this.#stream.end();
    this.#end();
    this.#stream.destroy();
  }

  async #read(): Promise<void> {
    let rest = "";
    try {
      for await (const chunk of demultiplex(this.#stream)) {
        const text = chunk.data.toString("utf8");
        if (chunk.stream === "stderr") {
          this.#errors = (this.#errors + text).slice(-2000);
          continue;
        }
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.#answer(line);
      }
    } catch {
      // The stream broke: everything that still waits is told so below.
    }
    this.#end(rest);
  }

  #answer(line: string): void {
    if (this.#greet !== undefined) {
      this.#greet(line);
      this.#greet = undefined;
      return;
    }
    const [number, verdict] = line.split(" ");
    const pending = this.#pending.get(Number(number));
    if (pending === undefined) return;
    this.#pending.delete(Number(number));
    if (verdict === "ok") pending.resolve();
    else
      pending.reject(
        new OperationError("watch.sync", this.#errors.trim() || "the container refused the change"),
      );
    this.#errors = "";
  }

  #end(rest = ""): void {
    this.#closed = true;
    this.#greet?.((rest + this.#errors).trim() || "no shell in the image");
    this.#greet = undefined;
    for (const pending of this.#pending.values()) {
      pending.reject(new EngineProtocolError("the sync session in the container ended"));
    }
    this.#pending.clear();
  }
}

function encode(number: number, change: SyncChange): Buffer | string {
  const temporary = temporaryName(change.target, number);
  switch (change.kind) {
    case "file": {
      const owner = `${change.uid}:${change.gid}`;
      const mode = change.mode.toString(8);
      if (change.content.length === 0) {
        return `${number} e\n${change.target}\n${temporary}\n${mode}\n${owner}\n`;
      }
      const head = `${number} w\n${change.target}\n${temporary}\n${change.content.length}\n${mode}\n${owner}\n`;
      return Buffer.concat([Buffer.from(head), change.content]);
    }
    case "directory":
      return `${number} m\n${change.target}\n${change.mode.toString(8)}\n${change.uid}:${change.gid}\n`;
    case "symlink":
      return `${number} l\n${change.target}\n${temporary}\n${change.link}\n`;
    case "delete":
      return `${number} d\n${change.target}\n`;
    default:
      return change satisfies never;
  }
}

/** Hidden and beside the target, so that the rename stays inside one file system. */
function temporaryName(target: string, number: number): string {
  const slash = target.lastIndexOf("/");
  return `${target.slice(0, slash + 1)}.tcompose-${number}.tmp`;
}
