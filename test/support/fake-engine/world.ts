/** Everything the fake engine remembers. One `World` is one engine; the other files are its behaviour. */
import { createHash } from "node:crypto";
import { EngineResponseError } from "../../../engine/error.ts";
import { Behaviours } from "./behaviour.ts";
import { EventBus } from "./events.ts";
import type {
  FakeBuild,
  FakeContainer,
  FakeExec,
  FakeImage,
  FakeNetwork,
  FakeVolume,
  ImageContent,
} from "./records.ts";

/** Runs `action` after `milliseconds`; answers how to cancel it. */
export type Schedule = (milliseconds: number, action: () => void) => () => void;

export interface FakeEngineOptions {
  /** Default "1.41". */
  readonly apiVersion?: string;
  /** Default `docker`. */
  readonly flavour?: "docker" | "podman";
  /** Default: `setTimeout`, `setImmediate` for 0. */
  readonly schedule?: Schedule;
}

export class World {
  readonly apiVersion: string;
  readonly flavour: "docker" | "podman";
  readonly containers = new Map<string, FakeContainer>();
  readonly networks = new Map<string, FakeNetwork>();
  readonly volumes = new Map<string, FakeVolume>();
  readonly images = new Map<string, FakeImage>();
  readonly registry = new Map<string, ImageContent>();
  readonly execs = new Map<string, FakeExec>();
  readonly builds: FakeBuild[] = [];
  /** Ports that something outside the engine holds. */
  readonly foreignPorts = new Set<number>();
  readonly behaviours = new Behaviours();
  readonly events: EventBus;
  /** Called whenever anything that a stream follows has changed. */
  readonly changed = new Set<() => void>();

  readonly #schedule: Schedule;
  readonly #cancels = new Set<() => void>();
  #tick = 0;
  #ids = 0;

  constructor(options: FakeEngineOptions = {}) {
    this.apiVersion = options.apiVersion ?? "1.41";
    this.flavour = options.flavour ?? "docker";
    this.#schedule = options.schedule ?? scheduleOnTimers;
    this.events = new EventBus(() => this.now());
    for (const name of ["bridge", "host", "none"]) {
      const driver = name === "none" ? "null" : name;
      const id = this.newId(`network-${name}`);
      this.networks.set(id, {
        id,
        name,
        body: { Name: name, Driver: driver },
        prefix: "172.17.0",
        nextHost: 2,
      });
    }
  }

  /** A clock that moves one millisecond at each look, the same in every run. */
  now(): Date {
    this.#tick += 1;
    return new Date(1_700_000_000_000 + this.#tick);
  }

  newId(kind: string): string {
    this.#ids += 1;
    return digest(`${kind}-${this.#ids}`);
  }

  /** Schedules engine-side work; `close` cancels what is left. */
  later(milliseconds: number, action: () => void): void {
    const cancel = this.#schedule(milliseconds, () => {
      this.#cancels.delete(cancel);
      action();
    });
    this.#cancels.add(cancel);
  }

  notify(): void {
    for (const wake of this.changed) wake();
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.events.close();
  }
}

/** Calls back once something may have changed; used by streams that follow. */
export function waitForChange(world: World, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      world.changed.delete(done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    world.changed.add(done);
    signal?.addEventListener("abort", done, { once: true });
    if (signal?.aborted === true) done();
  });
}

export function digest(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

export function refuse(status: number, operation: string, message: string): EngineResponseError {
  return new EngineResponseError(status, operation, message);
}

/** By name, id, or unambiguous id prefix; with or without the leading slash. */
export function findContainer(world: World, reference: string): FakeContainer | undefined {
  const name = reference.startsWith("/") ? reference.slice(1) : reference;
  const exact = world.containers.get(name);
  if (exact !== undefined) return exact;
  for (const container of world.containers.values()) if (container.name === name) return container;
  const matches = [...world.containers.values()].filter((c) => c.id.startsWith(name));
  return name !== "" && matches.length === 1 ? matches[0] : undefined;
}

export function needContainer(world: World, reference: string, operation: string): FakeContainer {
  const container = findContainer(world, reference);
  if (container === undefined) throw refuse(404, operation, `No such container: ${reference}`);
  return container;
}

export function isUp(container: FakeContainer): boolean {
  return container.status === "running" || container.status === "paused";
}

function scheduleOnTimers(milliseconds: number, action: () => void): () => void {
  if (milliseconds <= 0) {
    const handle = setImmediate(action);
    return () => clearImmediate(handle);
  }
  const timer = setTimeout(action, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}
