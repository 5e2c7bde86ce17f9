/** The call log of the fake engine, fault injection and hooks: what a test can do around each call. */
import { AbortedError, EngineUnreachableError } from "../../../engine/error.ts";
import type { EngineApi } from "../../../engine/docker/api.ts";

export interface FakeCall {
  /** Method of `EngineApi`. */
  readonly method: keyof EngineApi;
  /** Name of the container, network, volume or image, where there is one. */
  readonly target: string;
  readonly mutating: boolean;
  readonly args: readonly unknown[];
}

/** A method name, or a test on the call. */
export type CallMatch = keyof EngineApi | ((call: FakeCall) => boolean);
export type CallHook = (call: FakeCall) => void | Promise<void>;

/** A call that a test has stopped before it takes effect. */
export interface HeldCall {
  /** Settles when the call has arrived. */
  readonly arrived: Promise<FakeCall>;
  /** Lets it go on. */
  release(): void;
}

interface Fault {
  readonly match: CallMatch;
  readonly error: Error;
  times: number;
}

export class CallLog {
  readonly calls: FakeCall[] = [];
  #faults: Fault[] = [];
  readonly #hooks = new Set<{ readonly match: CallMatch; readonly hook: CallHook }>();
  #death: { mutationsLeft: number; readonly lost: "request" | "answer" } | undefined;

  failNext(match: CallMatch, error: Error, times: number): void {
    this.#faults.push({ match, error, times });
  }

  before(match: CallMatch, hook: CallHook): () => void {
    const entry = { match, hook };
    this.#hooks.add(entry);
    return () => void this.#hooks.delete(entry);
  }

  hold(match: CallMatch): HeldCall {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const arrived = new Promise<FakeCall>((resolve) => {
      const remove = this.before(match, (call) => {
        remove();
        resolve(call);
        return gate;
      });
    });
    return { arrived, release };
  }

  die(afterMutations: number, lost: "request" | "answer"): void {
    this.#death = { mutationsLeft: afterMutations, lost };
  }

  revive(): void {
    this.#death = undefined;
  }

  /** Logs the call, lets hooks and faults act, then runs it. */
  async run<T>(call: FakeCall, signal: AbortSignal | undefined, effect: () => T | Promise<T>): Promise<T> {
    await this.enter(call, signal);
    const result = await raceAbort(Promise.resolve(effect()), signal);
    if (this.#death?.lost === "answer" && this.#death.mutationsLeft <= 0) throw gone();
    return result;
  }

  async enter(call: FakeCall, signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    if (this.#isDead(call)) throw gone();
    this.calls.push(call);
    // A set may change while it is iterated: hooks remove themselves.
    for (const { match, hook } of this.#hooks) {
      if (matches(match, call)) await raceAbort(Promise.resolve(hook(call)), signal);
    }
    const fault = this.#faults.find((f) => matches(f.match, call));
    if (fault !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) this.#faults = this.#faults.filter((f) => f !== fault);
      throw fault.error;
    }
  }

  #isDead(call: FakeCall): boolean {
    if (this.#death === undefined) return false;
    if (this.#death.mutationsLeft <= 0) return true;
    if (call.mutating) this.#death.mutationsLeft -= 1;
    return false;
  }
}

function gone(): EngineUnreachableError {
  return new EngineUnreachableError("the engine is gone", [
    { endpoint: "fake://", reason: "killed by the test" },
  ]);
}

function matches(match: CallMatch, call: FakeCall): boolean {
  return typeof match === "function" ? match(call) : match === call.method;
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortedError();
}

export async function raceAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  throwIfAborted(signal);
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new AbortedError());
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    work.catch(() => undefined);
  }
}
