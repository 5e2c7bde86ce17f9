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

export class WatchSwitch {
  readonly #session: Session;
  readonly #options: WatchSwitchOptions;
  #off: AbortController | undefined;
  /** One after the other: turning off takes a moment. */
  #work: Promise<unknown> = Promise.resolve();

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

  /** Changes from here on are synced once it runs; see `StackWatch`. */
  open(): Promise<StackWatch> {
    return this.#open(this.#begin());
  }

  toggle(): void {
    if (this.#off !== undefined) return this.turnOff();
    const off = this.#begin();
    this.#work = this.#run(
      this.#work.then(() => this.#open(off)),
      off,
    );
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

  async #open(off: AbortController): Promise<StackWatch> {
    const { openWatching } = await import("./watching.ts");
    const { stack, services, scale } = this.#options;
    const signal = AbortSignal.any([off.signal, this.#session.invocation.context.interrupts.stop]);
    const policy = { services, recreateDependencies: "never" } as const;
    return openWatching(this.#session, { stack, services, policy, scale, signal });
  }

  async #run(opening: Promise<StackWatch>, off: AbortController): Promise<void> {
    try {
      await (await opening).run();
    } catch (error) {
      // Turned off before it was on.
      if (off.signal.aborted) return;
      this.#off = undefined;
      this.#options.onFailure(error);
    }
  }
}
