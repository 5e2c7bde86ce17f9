/** Services that wait for each other. */
import { type CheckInput, serviceEntries, type Finding, has } from "./report.ts";

/** One finding for each group of services that depend on each other in a circle, with a shortest chain. */
export function* checkCycles(input: CheckInput): Generator<Finding> {
  const targets = new Map<string, readonly string[]>();
  for (const [name, service] of serviceEntries(input)) {
    targets.set(
      name,
      Object.keys(service.depends_on ?? {}).filter((target) => has(input.services, target)),
    );
  }
  for (const group of circles(targets)) {
    const chain = shortestCircle(group, targets);
    const [first = "", second = first] = chain;
    yield {
      code: "dependency-cycle",
      message: `services depend on each other in a circle: ${chainText(chain)}`,
      path: ["services", first, "depends_on", second],
      target: "key",
      hint: "remove one of these dependencies",
      related: chain.slice(1, Math.min(chain.length - 1, MOST_SHOWN)).map((name, index) => ({
        message: `"${name}" depends on "${chain[index + 2]}"`,
        path: ["services", name, "depends_on", chain[index + 2] ?? first],
        target: "key",
      })),
    };
  }
}

/** A longer circle is cut in the middle. */
const MOST_SHOWN = 12;

function chainText(chain: readonly string[]): string {
  const hidden = chain.length - MOST_SHOWN;
  if (hidden <= 1) return chain.join(" -> ");
  return [...chain.slice(0, MOST_SHOWN - 2), `(${hidden} more)`, ...chain.slice(-2)].join(" -> ");
}

interface Visit {
  readonly name: string;
  readonly order: number;
  low: number;
  next: number;
  onStack: boolean;
}

/** Strongly connected groups that hold a circle (Tarjan), without recursion: a chain may be thousands long. */
function circles(targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const visits = new Map<string, Visit>();
  const open: Visit[] = [];
  const groups: string[][] = [];
  for (const start of targets.keys()) {
    if (visits.has(start)) continue;
    const walk = [enter(start, visits, open)];
    for (let top = walk.at(-1); top !== undefined; top = walk.at(-1)) {
      const next = targets.get(top.name)?.[top.next];
      if (next === undefined) {
        walk.pop();
        const parent = walk.at(-1);
        if (parent !== undefined) parent.low = Math.min(parent.low, top.low);
        if (top.low === top.order) groups.push(leave(top, open));
        continue;
      }
      top.next += 1;
      const known = visits.get(next);
      if (known === undefined) walk.push(enter(next, visits, open));
      else if (known.onStack) top.low = Math.min(top.low, known.order);
    }
  }
  return groups.filter(([only = "", ...rest]) => rest.length > 0 || (targets.get(only) ?? []).includes(only));
}

function enter(name: string, visits: Map<string, Visit>, open: Visit[]): Visit {
  const visit: Visit = { name, order: visits.size, low: visits.size, next: 0, onStack: true };
  visits.set(name, visit);
  open.push(visit);
  return visit;
}

function leave(root: Visit, open: Visit[]): string[] {
  const group: string[] = [];
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    visit.onStack = false;
    group.push(visit.name);
    if (visit === root) break;
  }
  return group.reverse();
}

/** `a -> b -> a`: a shortest way from the group's first service back to itself. */
function shortestCircle(group: readonly string[], targets: ReadonlyMap<string, readonly string[]>): string[] {
  const inGroup = new Set(group);
  const start = group[0] ?? "";
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let at = 0; at < queue.length; at += 1) {
    const name = queue[at] ?? "";
    for (const next of targets.get(name) ?? []) {
      if (next === start) return [...wayTo(name, start, cameFrom), start];
      if (!inGroup.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, name);
      queue.push(next);
    }
  }
  return [start, start];
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end];
  for (let name = end; name !== start;) {
    name = cameFrom.get(name) ?? start;
    way.push(name);
  }
  return way.reverse();
}
