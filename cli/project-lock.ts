/** The lock of a command: taken before it looks at the engine, given back when it has carried its plan out. */
import { lockProject, type ProjectLock } from "../engine/docker/project-lock.ts";
import type { Plan } from "../engine/plan/operation.ts";
import { COMMANDS } from "./command-table.ts";
import type { Invocation } from "./command.ts";

export class SessionLock {
  readonly #endpoint: string;
  readonly #invocation: Invocation<unknown>;
  #held: ProjectLock | undefined;

  constructor(endpoint: string, invocation: Invocation<unknown>) {
    this.#endpoint = endpoint;
    this.#invocation = invocation;
  }

  /** Waits for other runs on the project, and says so. Held already: goes on. */
  async take(project: string, signal: AbortSignal = this.#invocation.context.interrupts.stop): Promise<void> {
    if (this.#held !== undefined) return;
    const { context, flags } = this.#invocation;
    const { waitLock } = flags as { readonly waitLock?: boolean };
    this.#held = await lockProject({
      endpoint: this.#endpoint,
      project,
      holder: { pid: process.pid, command: commandOf(context.argv) },
      wait: waitLock !== false,
      signal,
      onWait: ({ command, pid }) =>
        context.stderr.write(
          `waiting: another run works on project "${project}" (\`${command}\`, process ${pid})\n`,
        ),
    });
  }

  giveBack(): void {
    this.#held?.release();
    this.#held = undefined;
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
