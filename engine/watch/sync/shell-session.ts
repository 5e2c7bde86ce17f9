/**
 * One shell kept open in a container by one exec: writes, links and deletes cost a few milliseconds each, because
 * no new process has to be started by the engine. Source: Engine API `POST /containers/{id}/exec`, `/exec/{id}/start`.
 */
import type { Duplex } from "node:stream";
import { demultiplex } from "../../docker/demultiplex.ts";
import { EngineProtocolError, OperationError } from "../../error.ts";
import type { SyncChange } from "./change.ts";
import type { Owner } from "./owner.ts";
import { encodeBatches, type ShellBatch } from "./shell-batch.ts";

interface Pending {
  /** What messages call the temporary file. */
  readonly name: string;
  resolve(): void;
  reject(error: unknown): void;
}

/** Files above this go by archive where they can: the shell holds the whole block in memory. */
export const SHELL_FILE_LIMIT = 4 * 1024 * 1024;
/** What dd tells of its work, among its errors. */
const COUNTS = /^\d+\+\d+ records (in|out)$|^\d+ bytes /;
/** See `temporaryName`. */
const TEMPORARY = /\.tcompose-\d+\.tmp/g;
/** What is kept of the messages before an answer. */
const MESSAGE_LENGTH = 2000;

export class ShellSession {
  /** First line that the script prints, or why there was none; empty: the connection ended without a word. */
  readonly greeting: Promise<string>;
  readonly #stream: Duplex;
  readonly #owner: Owner;
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #closed = false;
  #messages = "";
  #greet: ((line: string) => void) | undefined;

  /** `stream`: the framed connection of a root shell that runs SHELL_SCRIPT. */
  constructor(stream: Duplex, owner: Owner) {
    this.#stream = stream;
    this.#owner = owner;
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

  /** Whether a request of its own can carry a change: its lines cannot hold line breaks in names. */
  static accepts(change: SyncChange): boolean {
    if (change.target.includes("\n")) return false;
    return change.kind !== "symlink" || !change.link.includes("\n");
  }

  /** Applies one change; resolves when the container has acknowledged it, rejects with OperationError. */
  async apply(change: SyncChange): Promise<void> {
    if (!ShellSession.accepts(change)) return this.#applyText(encodeBatches([change], this.#owner));
    if (change.kind === "file" && change.isRoot === true)
      await this.#request((number) => `${number} t\n${change.target}\n`);
    const name = change.target.slice(change.target.lastIndexOf("/") + 1);
    return this.#request((number) => encode(number, change, this.#owner), name);
  }

  /** Applies all of them, in place. Resolves to those of which some were refused; others may be done then. */
  async applyBatch(changes: readonly SyncChange[]): Promise<readonly SyncChange[]> {
    const batches = encodeBatches(changes, this.#owner);
    // The next one is on its way while the shell carries the one before out.
    const results = await Promise.allSettled(batches.map((batch) => this.#applyText([batch])));
    return batches.flatMap((batch, at) => (results[at]?.status === "fulfilled" ? [] : batch.changes));
  }

  /** Ends the input: what was sent is still carried out, then the shell in the container ends. */
  close(): void {
    if (this.#closed) return;
    this.#stream.end();
    this.#end();
    this.#stream.destroy();
  }

  async #applyText(batches: readonly ShellBatch[]): Promise<void> {
    for (const { text } of batches)
      await this.#request((number) => `${number} b\n${Buffer.byteLength(text)}\n${text}`);
  }

  #request(toBytes: (number: number) => Buffer | string, name = ""): Promise<void> {
    if (this.#closed) return Promise.reject(sessionEnded());
    const number = this.#next++;
    const acknowledged = new Promise<void>((resolve, reject) => {
      this.#pending.set(number, { name, resolve, reject });
    });
    this.#stream.write(toBytes(number));
    return acknowledged;
  }

  async #read(): Promise<void> {
    let rest = "";
    try {
      for await (const { data } of demultiplex(this.#stream)) {
        const lines = (rest + data.toString("utf8")).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.#hear(line.trimEnd());
      }
    } catch {
      // The stream broke: everything that still waits is told so below.
    }
    this.#end(rest);
  }

  #hear(line: string): void {
    if (this.#greet !== undefined) {
      this.#greet(line);
      this.#greet = undefined;
      return;
    }
    const [, number, verdict] = /^(\d+) (ok|no)$/.exec(line) ?? [];
    const pending = this.#pending.get(Number(number));
    if (pending === undefined) {
      if (COUNTS.test(line)) return;
      this.#messages = `${this.#messages}${line}\n`.slice(-MESSAGE_LENGTH);
      return;
    }
    this.#pending.delete(Number(number));
    if (verdict === "ok") pending.resolve();
    else {
      const message = this.#messages.replace(TEMPORARY, () => pending.name).trim();
      pending.reject(new OperationError("watch.sync", message || "the container refused the change"));
    }
    this.#messages = "";
  }

  #end(rest = ""): void {
    this.#closed = true;
    this.#greet?.(rest.trim());
    this.#greet = undefined;
    for (const pending of this.#pending.values()) pending.reject(sessionEnded());
    this.#pending.clear();
  }
}

function sessionEnded(): EngineProtocolError {
  return new EngineProtocolError("the sync session in the container ended");
}

function encode(number: number, change: SyncChange, { uid, gid }: Owner): Buffer | string {
  const temporary = temporaryName(change.target, number);
  // What root writes is root's already.
  const owner = uid === 0 && gid === 0 ? "-" : `${uid}:${gid}`;
  switch (change.kind) {
    case "file": {
      const mode = change.mode.toString(8);
      if (change.content.length === 0) {
        return `${number} e\n${change.target}\n${temporary}\n${mode}\n${owner}\n`;
      }
      const head = `${number} w\n${change.target}\n${temporary}\n${change.content.length}\n${mode}\n${owner}\n`;
      return Buffer.concat([Buffer.from(head), change.content]);
    }
    case "directory":
      return `${number} m\n${change.target}\n${change.mode.toString(8)}\n${owner}\n`;
    case "symlink":
      return `${number} l\n${change.target}\n${temporary}\n${change.link}\n${owner}\n`;
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
