/**
 * Walks a graph: runs each node when everything it depends on has ended, as many at once as the resources allow,
 * and gives each node exactly one end. Outcomes travel along edges: what needed a failed node is blocked, never run.
 *
 * A node takes its resources only when it is ready to run, so nothing holds a resource while it waits for a
 * dependency. Among ready nodes the one with the longest way still to go behind it runs first.
 */
import { setMaxListeners } from "node:events";
import { AbortedError, InternalError } from "../error.ts";
import type { Edge } from "../plan/operation.ts";
import { ReadyQueue } from "./ready-queue.ts";

export interface WalkNode {
  readonly id: string;
  readonly dependsOn: readonly Edge[];
  readonly bestEffort?: boolean;
}

export type NodeEnd =
  | { readonly outcome: "succeeded" }
  /** Not needed after all, or a best effort that failed (then with its error). Dependants go on. */
  | { readonly outcome: "skipped"; readonly error?: unknown }
  | { readonly outcome: "failed"; readonly error: unknown }
  /** `blockedBy`: the failed nodes that it waited for, directly or not, sorted. */
  | { readonly outcome: "blocked"; readonly blockedBy: readonly string[] }
  | { readonly outcome: "aborted" };

export interface WalkOptions<N extends WalkNode> {
  run(node: N, signal: AbortSignal): Promise<"succeeded" | "skipped">;
  /** Names of the resources a node takes while it runs. */
  resources(node: N): readonly string[];
  capacity(resource: string): number;
  onStart?(node: N): void;
  onEnd?(node: N, end: NodeEnd): void;
  readonly signal?: AbortSignal | undefined;
}

interface State<N> {
  readonly node: N;
  readonly dependants: { readonly state: State<N>; readonly when: Edge["when"] }[];
  readonly blockedBy: Set<string>;
  /** Something that this node is there to make good has failed; undefined: it is there in any case. */
  isCalledFor: boolean | undefined;
  waitingFor: number;
  height: number;
  running: boolean;
  end: NodeEnd | undefined;
}

/** Ends when every node has ended. Rejects only for a graph that is none (unknown ids, cycles) or a throwing listener. */
export function walk<N extends WalkNode>(
  nodes: readonly N[],
  options: WalkOptions<N>,
): Promise<ReadonlyMap<string, NodeEnd>> {
  return new Walk(nodes, options).result;
}

class Walk<N extends WalkNode> {
  readonly result: Promise<ReadonlyMap<string, NodeEnd>>;
  readonly #options: WalkOptions<N>;
  #states: ReadonlyMap<string, State<N>> = new Map();
  readonly #ready: ReadyQueue<State<N>>;
  readonly #controller = new AbortController();
  readonly #onAbort = (): void => this.#guard(() => this.#abort());
  #unsettled: number;
  #resolve: (ends: ReadonlyMap<string, NodeEnd>) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(nodes: readonly N[], options: WalkOptions<N>) {
    this.#options = options;
    this.#ready = new ReadyQueue((resource) => options.capacity(resource));
    this.#unsettled = nodes.length;
    // Every running call listens: more than ten is no leak here.
    setMaxListeners(0, this.#controller.signal);
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#guard(() => {
      this.#states = linkStates(nodes);
      this.#begin();
    });
  }

  #begin(): void {
    const { signal } = this.#options;
    if (this.#unsettled === 0) return this.#finish();
    if (signal?.aborted === true) return this.#abort();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    for (const state of this.#states.values()) if (state.waitingFor === 0) this.#enqueue(state);
    this.#startReady();
  }

  #enqueue(state: State<N>): void {
    this.#ready.add(state, state.height, this.#options.resources(state.node));
  }

  #startReady(): void {
    for (let state = this.#ready.take(); state !== undefined; state = this.#ready.take()) this.#start(state);
  }

  #start(state: State<N>): void {
    const { node } = state;
    state.running = true;
    this.#options.onStart?.(node);
    this.#options.run(node, this.#controller.signal).then(
      (outcome) => this.#guard(() => this.#settleRun(state, { outcome })),
      (error: unknown) => this.#guard(() => this.#settleRun(state, this.#failure(node, error))),
    );
  }

  #failure(node: N, error: unknown): NodeEnd {
    if (this.#controller.signal.aborted || error instanceof AbortedError) return { outcome: "aborted" };
    return node.bestEffort === true ? { outcome: "skipped", error } : { outcome: "failed", error };
  }

  #settleRun(state: State<N>, end: NodeEnd): void {
    state.running = false;
    this.#ready.release(this.#options.resources(state.node));
    this.#settle(state, end);
    if (!this.#controller.signal.aborted) this.#startReady();
  }

  /** Ends a node and all that it decides: without recursion, as chains may be long. */
  #settle(first: State<N>, firstEnd: NodeEnd): void {
    const pending: [State<N>, NodeEnd][] = [[first, firstEnd]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [state, end] = next;
      if (state.end !== undefined) continue;
      state.end = end;
      this.#unsettled -= 1;
      this.#options.onEnd?.(state.node, end);
      for (const { state: dependant, when } of state.dependants) {
        if (when === "succeeded") for (const id of culprits(state.node.id, end)) dependant.blockedBy.add(id);
        if (when === "failed" && end.outcome === "failed") dependant.isCalledFor = true;
        dependant.waitingFor -= 1;
        if (dependant.waitingFor > 0 || dependant.end !== undefined) continue;
        const decided = this.#decide(dependant);
        if (decided !== undefined) pending.push([dependant, decided]);
      }
    }
    if (this.#unsettled === 0) this.#finish();
  }

  /** Everything that the node depends on has ended: what is its own end, if it may not run? */
  #decide(state: State<N>): NodeEnd | undefined {
    if (state.blockedBy.size > 0) return { outcome: "blocked", blockedBy: [...state.blockedBy].sort() };
    const needsAborted = state.node.dependsOn.some(
      (edge) => edge.when === "succeeded" && this.#states.get(edge.on)?.end?.outcome === "aborted",
    );
    if (needsAborted || this.#controller.signal.aborted) return { outcome: "aborted" };
    if (state.isCalledFor === false) return { outcome: "skipped" };
    this.#enqueue(state);
    return undefined;
  }

  #abort(): void {
    this.#controller.abort(new AbortedError());
    this.#ready.clear();
    for (const state of this.#states.values()) {
      if (!state.running && state.end === undefined) this.#settle(state, { outcome: "aborted" });
    }
  }

  #finish(): void {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    const ends = new Map<string, NodeEnd>();
    for (const [id, { end }] of this.#states) if (end !== undefined) ends.set(id, end);
    this.#resolve(ends);
  }

  /** A listener that throws is a bug of the caller: everything is stopped, and the caller hears of it. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#options.signal?.removeEventListener("abort", this.#onAbort);
      this.#controller.abort(new AbortedError());
      this.#ready.clear();
      this.#reject(error);
    }
  }
}

/** What a dependant that needs success of this node has to name. */
function culprits(id: string, end: NodeEnd): readonly string[] {
  switch (end.outcome) {
    case "failed":
      return [id];
    case "blocked":
      return end.blockedBy;
    case "succeeded":
    case "skipped":
    case "aborted":
      return [];
    default:
      return end satisfies never;
  }
}

function linkStates<N extends WalkNode>(nodes: readonly N[]): Map<string, State<N>> {
  const states = new Map<string, State<N>>();
  for (const node of nodes) {
    if (states.has(node.id)) throw new InternalError(`two operations of the plan are called ${node.id}`);
    states.set(node.id, {
      node,
      dependants: [],
      blockedBy: new Set(),
      isCalledFor: node.dependsOn.some(({ when }) => when === "failed") ? false : undefined,
      waitingFor: node.dependsOn.length,
      height: 0,
      running: false,
      end: undefined,
    });
  }
  for (const state of states.values()) {
    for (const edge of state.node.dependsOn) {
      const origin = states.get(edge.on);
      if (origin === undefined) {
        throw new InternalError(`${state.node.id} depends on ${edge.on}, which is not in the plan`);
      }
      origin.dependants.push({ state, when: edge.when });
    }
  }
  measureHeights(states);
  return states;
}

/** Height: number of nodes on the longest way from here to an end. Finds cycles on the way. */
function measureHeights<N extends WalkNode>(states: ReadonlyMap<string, State<N>>): void {
  const open = new Map([...states.values()].map((state) => [state, state.node.dependsOn.length]));
  const order = [...states.values()].filter((state) => open.get(state) === 0);
  for (const state of order) {
    for (const { state: dependant } of state.dependants) {
      const left = (open.get(dependant) ?? 0) - 1;
      open.set(dependant, left);
      if (left === 0) order.push(dependant);
    }
  }
  if (order.length < states.size)
    throw new InternalError("the operations of the plan depend on each other in a circle");
  for (const state of order.reverse()) {
    state.height = 1 + Math.max(0, ...state.dependants.map((dependant) => dependant.state.height));
  }
}
