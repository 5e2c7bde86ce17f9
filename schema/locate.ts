/** From a path in the stack to the place of its text. */
import type { SourceRange } from "./diagnostic.ts";
import type { StackPath } from "./model.ts";
import type { Node } from "./tree.ts";

/**
 * Where the value (or the key) at a path stands; where nothing is written for it, its nearest written ancestor. A key
 * also finds a `key=value` or plain `key` item of a list.
 */
export function locateNode(root: Node, path: StackPath, target: "key" | "value" = "value"): SourceRange {
  let node = root;
  let range = root.at;
  for (const [index, part] of path.entries()) {
    const last = index === path.length - 1;
    if (node.kind === "map") {
      const entry = node.entries.get(String(part));
      if (!entry) return range;
      range = last && target === "key" ? entry.keyAt : entry.node.at;
      node = entry.node;
    } else if (node.kind === "seq") {
      const item = typeof part === "number" ? node.items[part] : findNamed(node.items, part);
      if (!item) return range;
      range = item.at;
      node = item;
    } else return range;
  }
  return range;
}

function findNamed(items: readonly Node[], name: string): Node | undefined {
  const exact = (item: Node): boolean => {
    if (item.kind !== "scalar" || typeof item.value !== "string") return false;
    return (
      item.value === name || (item.value.startsWith(name) && "=:".includes(item.value.charAt(name.length)))
    );
  };
  return items.findLast(exact) ?? (/^[0-9]+$/.test(name) ? items[Number(name)] : undefined);
}
