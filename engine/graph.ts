/** A directed graph of named nodes: topological order and cycles. Pure and deterministic. */

/** Edges: for each node, the nodes that must come before it. Names without an entry of their own are ignored. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export interface Sorted {
  /** Every node that is not on or behind a cycle; prerequisites first, otherwise in the order of the map. */
  readonly order: readonly string[];
  /** One cycle, its first node repeated at the end, when there is any. */
  readonly cycle: readonly string[] | undefined;
}

/** Sorts so that prerequisites come first. Nodes that are free at the same time keep the order of the map. */
export function sortTopologically(graph: Graph): Sorted {
  const position = new Map([...graph.keys()].map((name, index) => [name, index]));
  const open = new Map<string, number>();
  const dependants = new Map<string, string[]>();
  for (const [name, before] of graph) {
    const known = [...new Set(before)].filter((other) => graph.has(other));
    open.set(name, known.length);
    for (const other of known) append(dependants, other, name);
  }
  const order: string[] = [];
  let free = [...graph.keys()].filter((name) => open.get(name) === 0);
  while (free.length > 0) {
    const next: string[] = [];
    for (const name of free) {
      order.push(name);
      for (const dependant of dependants.get(name) ?? []) {
        const left = (open.get(dependant) ?? 0) - 1;
        open.set(dependant, left);
        if (left === 0) next.push(dependant);
      }
    }
    free = next.toSorted((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
  }
  const placed = new Set(order);
  const stuck = [...graph.keys()].filter((name) => !placed.has(name));
  return { order, cycle: stuck.length === 0 ? undefined : findCycle(graph, new Set(stuck)) };
}

/** All nodes reachable from the given ones along the edges, these included. */
export function reachable(graph: Graph, from: Iterable<string>): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [...from];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    queue.push(...(graph.get(name) ?? []));
  }
  return seen;
}

/** The same graph with every edge turned round. */
export function reverse(graph: Graph): Graph {
  const turned = new Map<string, string[]>([...graph.keys()].map((name) => [name, []]));
  for (const [name, before] of graph) {
    for (const other of before) turned.get(other)?.push(name);
  }
  return turned;
}

/** Every stuck node has a stuck prerequisite, so walking along them must come back to a node already seen. */
function findCycle(graph: Graph, stuck: ReadonlySet<string>): readonly string[] {
  const path: string[] = [];
  let name = [...stuck][0];
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = (graph.get(name) ?? []).find((other) => stuck.has(other));
  }
  if (name === undefined) return path;
  return [...path.slice(path.indexOf(name)), name];
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
