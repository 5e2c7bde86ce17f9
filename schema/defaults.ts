/** Values that the format gives to attributes that are left out. */
import type { PathTable } from "./path-table.ts";
import { atItem, atKey, pathTable } from "./path-table.ts";
import type { MapNode, Node } from "./tree.ts";
import { child, mapItems, mapValues, scalar, text, withChild } from "./tree.ts";

type Default = (node: MapNode) => MapNode;

const RULES: PathTable<Default> = pathTable<Default>({
  "services.*.build": (node) => orElse(node, "context", "."),
  "services.*.secrets.*": (node) =>
    orElse(node, "target", `/run/secrets/${text(child(node, "source")) ?? ""}`),
  "services.*.ports.*": (node) => orElse(orElse(node, "protocol", "tcp"), "mode", "ingress"),
  "services.*.deploy.resources.reservations.devices.*": allDevices,
  "services.*.gpus.*": allDevices,
});

export function addDefaults(root: MapNode): MapNode {
  return visit(root, RULES) as MapNode;
}

function visit(node: Node, table: PathTable<Default> | undefined): Node {
  if (!table) return node;
  if (table.rule) return node.kind === "map" ? table.rule(node) : node;
  if (node.kind === "map") return mapValues(node, (value, key) => visit(value, atKey(table, key)));
  if (node.kind === "seq") return mapItems(node, (value) => visit(value, atItem(table)));
  return node;
}

function orElse(node: MapNode, key: string, value: string): MapNode {
  return node.entries.has(key) ? node : withChild(node, key, scalar(value, node.at));
}

function allDevices(node: MapNode): MapNode {
  return node.entries.has("count") || node.entries.has("device_ids") ? node : orElse(node, "count", "all");
}
