/**
 * Engines behind ssh: each connection is one `ssh HOST docker system dial-stdio`, whose stdin and stdout are the
 * connection. Only that host needs a Docker CLI.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Agent, type AgentOptions } from "node:http";
import { Duplex } from "node:stream";
import { EngineUnreachableError } from "../error.ts";
import type { Environment } from "./agents.ts";
import type { Endpoint } from "./endpoint.ts";

type SshEndpoint = Extract<Endpoint, { readonly type: "ssh" }>;

export class SshAgent extends Agent {
  readonly #endpoint: SshEndpoint;
  readonly #env: Environment;

  constructor(endpoint: SshEndpoint, env: Environment, options: AgentOptions) {
    super(options);
    this.#endpoint = endpoint;
    this.#env = env;
  }

  override createConnection(): Duplex {
    const child = spawn("ssh", sshArguments(this.#endpoint), {
      env: { ...this.#env },
      stdio: ["pipe", "pipe", "pipe"],
      // A terminal's Ctrl-C is for tcompose to handle; the connection is still needed for the graceful stop.
      detached: true,
    });
    return new ProcessSocket(child, this.#endpoint.url);
  }
}

function sshArguments(endpoint: SshEndpoint): string[] {
  const { user, port, socket, host } = endpoint;
  return [
    "-o",
    "ConnectTimeout=30",
    "-o",
    "BatchMode=yes",
    "-T",
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    "--",
    host,
    "docker",
    ...(socket === undefined ? [] : ["--host", quote(`unix://${socket}`)]),
    "system",
    "dial-stdio",
  ];
}

/** The remote side runs the command through a shell. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Enough of a socket for node:http. */
class ProcessSocket extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #stderr = "";
  #answered = false;

  constructor(child: ChildProcessWithoutNullStreams, url: string) {
    super({ allowHalfOpen: true });
    this.#child = child;
    child.stdout.on("data", (data: Buffer) => {
      this.#answered = true;
      if (!this.push(data)) child.stdout.pause();
    });
    child.stderr.on("data", (data: Buffer) => {
      this.#stderr = `${this.#stderr}${data.toString()}`.slice(-4096);
    });
    // Writing to a process that has ended: its exit tells why.
    child.stdin.on("error", () => undefined);
    child.once("error", (error) => this.destroy(this.#unreachable(url, error.message, error)));
    child.once("close", (code) => {
      if (this.#answered) this.push(null);
      else this.destroy(this.#unreachable(url, this.#stderr.trim() || `ssh ended with code ${code}`));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#child.stdin.write(chunk, encoding)) done();
    else this.#child.stdin.once("drain", () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.stdin.destroy();
    this.#child.kill();
    done(error);
  }

  // What node:http calls on a socket.
  ref(): this {
    this.#child.ref();
    return this;
  }
  unref(): this {
    this.#child.unref();
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }

  #unreachable(url: string, reason: string, cause?: Error): EngineUnreachableError {
    return new EngineUnreachableError(
      `cannot reach the container engine at ${url}: ${reason}`,
      [{ endpoint: url, reason }],
      {
        cause,
        hint: "check that ssh to this host works without a password, and that docker is installed there",
      },
    );
  }
}
