/** Watching beside an `up` in the foreground: on from the start with `--watch`, on and off by the menu. */
import type { StackWatch } from "../engine/session/watch.ts";
import type { Stack } from "../schema/model.ts";
import type { Session } from "./session.ts";

export interface WatchSwitchOptions {
  readonly stack: Stack;
  /** Empty: all. */
  readonly services: readonly string[];
  /** Replicas by service, over what the stack says. */
  readonly scale: Readonly<Record<string, number>>;
  /** What goes wrong when the menu has turned it on. */
  readonly onFailure: (error: unknown) => void;
}

/** Watches until it is turned off, or everything ends. */
export type RunWatch = () => Promise<void>;

export class WatchSwitch {
  readonly #session: Session;
  readonly #options: WatchSwitchOptions;
  /** It keeps what it knows while it is off. */
  #watch: StackWatch | undefined;
  #off: AbortController | undefined;
  /** One after the other: turning off takes a moment. */
  #work: Promise<unknown> = Promise.resolve();
  #running: Promise<unknown> | undefined;

  constructor(session: Session, options: WatchSwitchOptions) {
    this.#session = session;
    this.#options = options;
  }

  static isOf(stack: Stack): boolean {
    return Object.values(stack.services).some(({ develop }) => (develop?.watch ?? []).length > 0);
  }

  get isOn(): boolean {
    return this.#off !== undefined;
  }

  /** While the menu has it on: settles when it is off again. A rebuild may leave no container for a moment. */
  get running(): Promise<unknown> | undefined {
    return this.#running;
  }

  /** Before the stack is brought up: changes from here on are synced once it runs. */
  async open(): Promise<RunWatch> {
    const off = this.#begin();
    const watch = await this.#open(true);
    return () => watch.run(this.#signalOf(off));
  }

  toggle(): void {
    if (this.#off !== undefined) return this.turnOff();
    const off = this.#begin();
    const work = this.#run(
      this.#work.then(() => this.#open(false)),
      off,
    ).finally(() => {
      if (this.#running === work) this.#running = undefined;
    });
    this.#work = work;
    this.#running = work;
  }

  turnOff(): void {
    this.#off?.abort();
    this.#off = undefined;
  }

  /** On from now on, even while the last one is still ending. */
  #begin(): AbortController {
    const off = new AbortController();
    this.#off = off;
    return off;
  }

  /** `isBuilt`: what is brought up now has everything that is on the host now. */
  async #open(isBuilt: boolean): Promise<StackWatch> {
    const { openWatching } = await import("./watching.ts");
    const { stack, services, scale } = this.#options;
    const policy = { services, recreateDependencies: "never" } as const;
    this.#watch ??= await openWatching(this.#session, { stack, services, policy, scale, isBuilt });
    return this.#watch;
  }

  #signalOf(off: AbortController): AbortSignal {
    return AbortSignal.any([off.signal, this.#session.invocation.context.interrupts.stop]);
  }

  async #run(opening: Promise<StackWatch>, off: AbortController): Promise<void> {
    try {
      await (await opening).run(this.#signalOf(off));
    } catch (error) {
      // Turned off before it was on.
      if (off.signal.aborted) return;
      this.#off = undefined;
      this.#options.onFailure(error);
    }
  }
}
