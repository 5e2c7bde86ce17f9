/** The lock of a command: taken before it looks at the engine, given back when it has carried its plan out. */
import { lockProject, type ProjectLock } from "../engine/docker/project-lock.ts";
import type { Plan } from "../engine/plan/operation.ts";
import { COMMANDS } from "./command-table.ts";
import type { Invocation } from "./command.ts";
import { note } from "./note.ts";

export class SessionLock {
  readonly #endpoint: string;
  readonly #invocation: Invocation<unknown>;
  #taken: Promise<ProjectLock> | undefined;
  /** Plans that are being carried out: watching does several at once. */
  #users = 0;

  constructor(endpoint: string, invocation: Invocation<unknown>) {
    this.#endpoint = endpoint;
    this.#invocation = invocation;
  }

  get isTaken(): boolean {
    return this.#taken !== undefined;
  }

  /** Waits for other runs on the project, and says so. Taken already: goes on. */
  async take(project: string, signal: AbortSignal = this.#invocation.context.interrupts.stop): Promise<void> {
    const taken = (this.#taken ??= this.#lock(project, signal));
    try {
      await taken;
    } catch (error) {
      if (this.#taken === taken) this.#taken = undefined;
      throw error;
    }
  }

  /** Has the lock at least while `work` goes on; the last one gives it back, whoever took it. */
  async during<T>(project: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      await this.take(project, signal);
      return await work();
    } finally {
      this.#users -= 1;
      if (this.#users === 0) await this.giveBack();
    }
  }

  async giveBack(): Promise<void> {
    const taken = this.#taken;
    this.#taken = undefined;
    (await taken)?.release();
  }

  #lock(project: string, signal: AbortSignal): Promise<ProjectLock> {
    const { context, flags } = this.#invocation;
    const { waitLock } = flags as { readonly waitLock?: boolean };
    return lockProject({
      endpoint: this.#endpoint,
      project,
      holder: { pid: process.pid, command: commandOf(context.argv) },
      wait: waitLock !== false,
      signal,
      onWait: ({ command, pid }) =>
        note(
          this.#invocation,
          `waiting: another run works on project "${project}" (\`${command}\`, process ${pid})`,
        ),
    });
  }
}

/** Images belong to no project: pulling and building them disturbs nobody. */
export function needsLock({ operations }: Plan): boolean {
  return operations.some(({ kind }) => !kind.startsWith("image.") && kind !== "ready.wait");
}

/** The command's name alone: arguments may be secret. */
function commandOf(argv: readonly string[]): string {
  return argv.find((word) => COMMANDS.some(({ name }) => name === word)) ?? "tcompose";
}
