/** Rules between attributes of one object that hold however the stack is used, even with consistency checks off. */
import { isIP } from "node:net";
import type { LoadContext } from "./context.ts";
import { pathText } from "./context.ts";
import type { PathTable } from "./path-table.ts";
import { atItem, atKey, pathTable } from "./path-table.ts";
import type { MapNode, Node } from "./tree.ts";
import { child, text } from "./tree.ts";

interface Walk {
  readonly context: LoadContext;
  readonly path: (string | number)[];
}

type Rule = (node: Node, walk: Walk) => void;

const RULES: PathTable<Rule> = pathTable<Rule>({
  "volumes.*": checkExternalVolume,
  "configs.*": (node, walk) => checkFileObject(node, ["file", "environment", "content"], walk),
  "secrets.*": (node, walk) => checkFileObject(node, ["file", "environment"], walk),
  "services.*.expose.*": checkExposed,
  "services.*.ports.*": checkHostAddress,
  "services.*.volumes.*.tmpfs.mode": checkMode,
  "services.*.develop.watch.*.path": checkWatchPath,
  "services.*.deploy.resources.reservations.devices.*": checkDeviceRequest,
  "services.*.gpus.*": checkDeviceRequest,
});

export function checkAttributes(root: MapNode, context: LoadContext): void {
  visit(root, RULES, { context, path: [] });
}

function visit(node: Node, table: PathTable<Rule> | undefined, walk: Walk): void {
  if (!table) return;
  if (table.rule) return table.rule(node, walk);
  if (node.kind === "map") {
    for (const [key, entry] of node.entries) {
      walk.path.push(key);
      visit(entry.node, atKey(table, key), walk);
      walk.path.pop();
    }
  } else if (node.kind === "seq") {
    for (const [index, item] of node.items.entries()) {
      walk.path.push(index);
      visit(item, atItem(table), walk);
      walk.path.pop();
    }
  }
}

function report(walk: Walk, code: string, message: string, node: Node, hint?: string): void {
  const path = pathText(walk.path);
  walk.context.reportNew({ code, message: `${path}: ${message}`, path, range: node.at, hint });
}

function checkExternalVolume(node: Node, walk: Walk): void {
  if (node.kind !== "map") return;
  const external = child(node, "external");
  if (external?.kind !== "scalar" || external.value !== true) return;
  for (const [key, entry] of node.entries) {
    if (key === "name" || key === "external" || key.startsWith("x-")) continue;
    walk.context.report({
      code: "exclusive-keys",
      message: `${pathText(walk.path)}: an external volume takes no "${key}"`,
      path: pathText([...walk.path, key]),
      range: entry.keyAt,
      hint: `remove "${key}", or "external"`,
    });
  }
}

function checkFileObject(node: Node, keys: readonly string[], walk: Walk): void {
  const entries = node.kind === "map" ? node.entries : undefined;
  const present = keys.filter((key) => entries?.has(key));
  const names = keys.map((key) => `"${key}"`).join(", ");
  if (present.length > 1) report(walk, "exclusive-keys", `only one of ${names} may be set`, node);
  else if (present.length === 0 && !entries?.has("driver") && !entries?.has("external")) {
    report(walk, "missing-key", `one of ${names} must be set`, node);
  }
}

function checkHostAddress(node: Node, walk: Walk): void {
  const host = child(node, "host_ip");
  const address = text(host);
  if (!host || address === undefined || walk.context.options.skip?.interpolation) return;
  if (isIP(address) === 0) report(walk, "bad-address", `"${address}" is not an IP address`, host);
}

function checkExposed(node: Node, walk: Walk): void {
  if (node.kind === "scalar" && node.type === "float")
    report(walk, "invalid-value", "expected a port, found a fraction", node);
}

/** Elsewhere a mode may be a text. */
function checkMode(node: Node, walk: Walk): void {
  const mode = text(node);
  if (mode === undefined || walk.context.options.skip?.interpolation) return;
  const hint = /^[0-7]+$/.test(mode) ? `write ${mode}, without quotes` : undefined;
  report(walk, "invalid-value", `expected an octal number, found "${mode}"`, node, hint);
}

function checkWatchPath(node: Node, walk: Walk): void {
  if (text(node) === "") report(walk, "invalid-value", "the path is empty", node);
}

function checkDeviceRequest(node: Node, walk: Walk): void {
  if (node.kind !== "map" || !node.entries.has("count") || !node.entries.has("device_ids")) return;
  report(walk, "exclusive-keys", '"count" and "device_ids" exclude each other', node);
}
