/** The event stream of the fake engine, with the engine's action names, order and filter rules. */
import type { EngineMessage, Filters, Labels } from "../../../engine/docker/types.ts";
import type { EventsOptions } from "../../../engine/docker/api.ts";

export class EventBus {
  readonly history: EngineMessage[] = [];
  readonly #listeners = new Set<(message: EngineMessage) => void>();
  readonly #closers = new Set<() => void>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  emit(type: string, action: string, id: string, attributes: Labels): void {
    const milliseconds = this.#now().getTime();
    const message: EngineMessage = {
      Type: type,
      Action: action,
      Actor: { ID: id, Attributes: attributes },
      time: Math.floor(milliseconds / 1000),
      timeNano: milliseconds * 1_000_000,
    };
    this.history.push(message);
    for (const listener of this.#listeners) listener(message);
  }

  /** Ends every open stream, as an engine does that goes away. */
  close(): void {
    for (const close of this.#closers) close();
  }

  /** Subscribes at once; the iteration ends on abort, on `until`, or when the engine closes. */
  async *stream(options: EventsOptions): AsyncGenerator<EngineMessage> {
    const queue: EngineMessage[] = [];
    let wake: (() => void) | undefined;
    let ended = options.until !== undefined || options.signal?.aborted === true;
    const filters = options.filters ?? {};
    const push = (message: EngineMessage): void => {
      if (!matchesEvent(message, filters)) return;
      queue.push(message);
      wake?.();
    };
    const end = (): void => {
      ended = true;
      wake?.();
    };
    if (options.since !== undefined) {
      const since = parseTime(options.since);
      const until = options.until === undefined ? Infinity : parseTime(options.until);
      for (const message of this.history) {
        const seconds = message.timeNano / 1e9;
        if (seconds >= since && seconds <= until) push(message);
      }
    }
    this.#listeners.add(push);
    this.#closers.add(end);
    options.signal?.addEventListener("abort", end, { once: true });
    try {
      options.onOpen?.();
      for (;;) {
        if (options.signal?.aborted === true) return;
        const next = queue.shift();
        if (next !== undefined) yield next;
        else if (ended) return;
        else {
          await new Promise<void>((resolve) => (wake = resolve));
          wake = undefined;
        }
      }
    } finally {
      this.#listeners.delete(push);
      this.#closers.delete(end);
      options.signal?.removeEventListener("abort", end);
    }
  }
}

function parseTime(text: string): number {
  const seconds = Number(text);
  return Number.isNaN(seconds) ? Date.parse(text) / 1000 : seconds;
}

function matchesEvent(message: EngineMessage, filters: Filters): boolean {
  return Object.entries(filters).every(([key, values]) => {
    if (values.length === 0) return true;
    const { Attributes: attributes, ID: id } = message.Actor;
    switch (key) {
      case "type":
        return values.includes(message.Type);
      case "event":
        return values.includes(message.Action) || values.includes(message.Action.split(":", 1)[0] ?? "");
      case "label":
        return values.every((value) => matchesLabel(attributes, value));
      case "container":
      case "network":
      case "volume":
        return message.Type === key && values.some((v) => v === id || v === attributes["name"]);
      default:
        return true;
    }
  });
}

/** `key` or `key=value`. */
export function matchesLabel(labels: Labels | null | undefined, filter: string): boolean {
  const at = filter.indexOf("=");
  if (at < 0) return labels?.[filter] !== undefined;
  return labels?.[filter.slice(0, at)] === filter.slice(at + 1);
}
