import { describe, expect, it } from "vitest";
import { createInterrupts, type SignalSource, type TerminationSignal } from "../../cli/signals.ts";

function rig() {
  const listeners = new Map<TerminationSignal, Set<() => void>>();
  const source: SignalSource = {
    on: (signal, listener) => void listeners.set(signal, (listeners.get(signal) ?? new Set()).add(listener)),
    off: (signal, listener) => void listeners.get(signal)?.delete(listener),
  };
  const exits: number[] = [];
  const timers: (() => void)[] = [];
  const interrupts = createInterrupts({
    source,
    exit: (code) => exits.push(code),
    after: (_ms, callback) => {
      timers.push(callback);
      return () => timers.splice(timers.indexOf(callback), 1);
    },
  });
  const send = (signal: TerminationSignal) => listeners.get(signal)?.forEach((listener) => listener());
  return { interrupts, exits, timers, send, listeners };
}

describe("createInterrupts", () => {
  it("stops at the first signal and remembers its exit code", () => {
    const { interrupts, send, exits } = rig();
    expect(interrupts.exitCode()).toBeUndefined();
    send("SIGTERM");
    expect(interrupts.stop.aborted).toBe(true);
    expect(interrupts.force.aborted).toBe(false);
    expect(interrupts.exitCode()).toBe(143);
    expect(exits).toEqual([]);
  });

  it("exits at the second signal where nothing has to be stopped gracefully", () => {
    const { send, exits } = rig();
    send("SIGINT");
    send("SIGINT");
    expect(exits).toEqual([130]);
  });

  it("forces at the second signal during a graceful phase, and exits at the third", () => {
    const { interrupts, send, exits } = rig();
    interrupts.gracefulPhase();
    send("SIGINT");
    send("SIGINT");
    expect(interrupts.force.aborted).toBe(true);
    expect(exits).toEqual([]);
    send("SIGINT");
    expect(exits).toEqual([130]);
  });

  it("exits when a forced end does not come to its end by itself", () => {
    const { interrupts, send, exits, timers } = rig();
    interrupts.gracefulPhase();
    send("SIGINT");
    send("SIGTERM");
    timers.forEach((fire) => fire());
    expect(exits).toEqual([130]);
  });

  it("does not listen any more once disposed", () => {
    const { interrupts, listeners } = rig();
    interrupts.dispose();
    expect([...listeners.values()].every((set) => set.size === 0)).toBe(true);
  });
});
