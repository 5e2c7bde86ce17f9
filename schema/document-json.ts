/** A document in long form as plain data, before it is a typed model: what is shown with variables unresolved. */
import type { JsonValue } from "./model.ts";
import { atItem, atKey } from "./path-table.ts";
import type { PathTable } from "./path-table.ts";
import { emptyRecord, toJson } from "./shape.ts";
import type { Node } from "./tree.ts";
import type { Identity } from "./unique.ts";
import { IDENTITIES } from "./unique.ts";

/** Lists that values are filled into, and that are made anew for it. */
const FILLED_IN = new Set(["args", "environment"]);

/** In JSON an empty list says nothing and is shown as null, except where lists are collected from several places. */
export function documentJson(root: Node): JsonValue {
  return show(root, IDENTITIES, "");
}

export function documentYaml(root: Node): JsonValue {
  return toJson(root);
}

function show(node: Node, table: PathTable<Identity> | undefined, key: string): JsonValue {
  switch (node.kind) {
    case "scalar":
      return toJson(node);
    case "seq":
      if (node.items.length === 0 && (!table?.rule || FILLED_IN.has(key))) return null;
      return node.items.map((item) => show(item, atItem(table), ""));
    case "map": {
      const result = emptyRecord();
      for (const [name, entry] of node.entries) result[name] = show(entry.node, atKey(table, name), name);
      return result;
    }
    default:
      return node satisfies never;
  }
}
