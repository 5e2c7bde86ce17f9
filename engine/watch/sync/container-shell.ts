/**
 * The shell of one container, opened when first needed and again when it has ended; finds out once whether the image
 * has what it takes.
 */
import type { EngineApi } from "../../docker/api.ts";
import { EngineResponseError, isNotFound } from "../../error.ts";
import type { Owner } from "./owner.ts";
import { SHELL_SCRIPT } from "./shell-script.ts";
import { ShellSession } from "./shell-session.ts";

/** What an image without a shell is answered by the runtimes (runc, crun), in the stream or as an error. */
const NO_SHELL = /no such file|not found|executable file|permission denied|not a directory|exec format/i;
/** A shell that refuses what the archive then can (no capabilities for root, say) is not asked for ever. */
const MAX_REFUSALS = 3;
const GREETING_MS = 5_000;

export class ContainerShell {
  readonly #engine: EngineApi;
  readonly #container: string;
  #opening: Promise<ShellSession | undefined> | undefined;
  #session: ShellSession | undefined;
  #unusable: string | undefined;
  #refusals = 0;
  #closed = false;

  constructor(engine: EngineApi, container: string) {
    this.#engine = engine;
    this.#container = container;
  }

  /** Why there will never be a shell here; undefined: there is one, or nobody knows yet. */
  get unusable(): string | undefined {
    return this.#unusable;
  }

  /**
   * The open session. Undefined when the image has no shell, and for now when the container does not run. Rejects
   * with the engine's error when it cannot be asked, or has no such container.
   */
  async open(owner: Owner): Promise<ShellSession | undefined> {
    if (this.#session !== undefined && !this.#session.closed) return this.#session;
    if (this.#unusable !== undefined || this.#closed) return undefined;
    this.#opening ??= this.#open(owner).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** The session refused what another way could do. */
  countRefusal(message: string): void {
    this.#refusals += 1;
    if (this.#refusals < MAX_REFUSALS) return;
    this.#unusable = `its shell may not write: ${message}`;
    this.#session?.close();
  }

  countSuccess(): void {
    this.#refusals = 0;
  }

  close(): void {
    this.#closed = true;
    this.#session?.close();
  }

  async #open(owner: Owner): Promise<ShellSession | undefined> {
    let session: ShellSession;
    try {
      session = await this.#start(owner);
    } catch (error) {
      if (!(error instanceof EngineResponseError) || isNotFound(error)) throw error;
      // 409 and its like: not running, or paused. Anything else is the runtime's word on a missing shell.
      if (NO_SHELL.test(error.engineMessage)) this.#unusable = "the image has no shell";
      return undefined;
    }
    const greeting = await greetingOf(session);
    if (greeting === "ready" && !this.#closed) {
      this.#session = session;
      return session;
    }
    session.close();
    // Without a word: the container stopped meanwhile, which says nothing of the image.
    if (greeting?.startsWith("missing ") === true) this.#unusable = `the image has no ${greeting.slice(8)}`;
    else if (greeting === undefined) this.#unusable = "the shell of the image does not answer";
    else if (NO_SHELL.test(greeting)) this.#unusable = "the image has no shell";
    return undefined;
  }

  async #start(owner: Owner): Promise<ShellSession> {
    // As root: it may write anywhere, and gives what it writes to the container's own user.
    const exec = await this.#engine.createExec(this.#container, {
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Cmd: ["/bin/sh", "-c", SHELL_SCRIPT],
      User: "0",
    });
    return new ShellSession(await this.#engine.startExec(exec, { tty: false }), owner);
  }
}

/** Undefined: no answer in time. */
async function greetingOf(session: ShellSession): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, GREETING_MS, undefined);
  });
  try {
    return await Promise.race([session.greeting, late]);
  } finally {
    clearTimeout(timer);
  }
}
