/**
 * Rules keyed by a path pattern such as `services.*.ports.[].target`, compiled to a trie, so that a walk pays one map
 * lookup a level. `*` stands for any key or list item, `[]` for any list item.
 */
export interface PathTable<T> {
  readonly rule?: T;
  readonly keys: ReadonlyMap<string, PathTable<T>>;
  readonly any?: PathTable<T>;
}

interface Building<T> {
  rule?: T;
  readonly keys: Map<string, Building<T>>;
  any?: Building<T>;
}

export function pathTable<T>(rules: Readonly<Record<string, T>>): PathTable<T> {
  const root: Building<T> = { keys: new Map() };
  for (const [pattern, rule] of Object.entries(rules)) {
    let node = root;
    for (const part of pattern.split(".")) node = stepInto(node, part);
    node.rule = rule;
  }
  return root;
}

function stepInto<T>(node: Building<T>, part: string): Building<T> {
  if (part === "*") return (node.any ??= { keys: new Map() });
  let next = node.keys.get(part);
  if (!next) {
    next = { keys: new Map() };
    node.keys.set(part, next);
  }
  return next;
}

/** The table below a map key. */
export function atKey<T>(table: PathTable<T> | undefined, key: string): PathTable<T> | undefined {
  return table && (table.keys.get(key) ?? table.any);
}

/** The table below a list item. */
export function atItem<T>(table: PathTable<T> | undefined): PathTable<T> | undefined {
  return table && (table.keys.get("[]") ?? table.any);
}
