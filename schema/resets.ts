/** `!reset` and `!override`: what earlier definitions lose before a document is merged over them. */
import type { TaggedPath } from "./parsed-document.ts";
import type { MapNode, Node } from "./tree.ts";
import { child, withChild, withoutChild } from "./tree.ts";

/** The document without the values at the paths. Items of lists cannot be addressed. */
export function applyResets(root: MapNode, resets: readonly TaggedPath[]): MapNode {
  let result = root;
  for (const path of resets) result = remove(result, path) as MapNode;
  return result;
}

function remove(node: Node, path: readonly string[]): Node {
  const [key, ...rest] = path;
  if (node.kind !== "map" || key === undefined) return node;
  if (rest.length === 0) return withoutChild(node, key);
  const value = child(node, key);
  if (!value) return node;
  const next = remove(value, rest);
  return next === value ? node : withChild(node, key, next);
}

/** The paths that concern one service, as paths inside it. */
export function resetsOfService(resets: readonly TaggedPath[], name: string): TaggedPath[] {
  return resets
    .filter((path) => path[0] === "services" && path[1] === name && path.length > 2)
    .map((path) => path.slice(2));
}
