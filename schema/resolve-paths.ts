/** Relative paths made absolute (or relative to the including file's directory, for included and extended files). */
import type { LoadContext } from "./context.ts";
import { pathText } from "./context.ts";
import type { PathTable } from "./path-table.ts";
import { atItem, atKey, pathTable } from "./path-table.ts";
import { expandHome, isAbsolute, isWindowsAbsolute, joinPath } from "./posix-path.ts";
import type { MapNode, Node } from "./tree.ts";
import { child, mapItems, mapValues, scalar, text, withChild } from "./tree.ts";

interface Walk {
  readonly base: string;
  readonly context: LoadContext;
  readonly path: (string | number)[];
}

type Resolve = (node: Node, walk: Walk) => Node;

const file: Resolve = (node, walk) => replaceText(node, (path) => absolute(path, walk));
const unixFile: Resolve = (node, walk) => replaceText(node, (path) => maybeUnix(path, walk));

const RULES: PathTable<Resolve> = pathTable<Resolve>({
  "services.*.build.context": (node, walk) => replaceText(node, (path) => buildContext(path, walk)),
  "services.*.build.additional_contexts.*": (node, walk) =>
    replaceText(node, (path) => buildContext(path, walk)),
  "services.*.build.ssh.*": unixFile,
  "services.*.env_file.*.path": file,
  "services.*.label_file.*": file,
  "services.*.extends.file": file,
  "services.*.develop.watch.*.path": (node, walk) =>
    replaceText(node, (path) => walk.context.options.files.realpath(absolute(path, walk))),
  "services.*.volumes.*": resolveMount,
  "configs.*.file": unixFile,
  "secrets.*.file": unixFile,
  "volumes.*": resolveLocalDevice,
});

/** Resolves every path of a document in long form against `base`. */
export function resolvePaths(root: MapNode, base: string, context: LoadContext): MapNode {
  return visit(root, RULES, { base, context, path: [] }) as MapNode;
}

function visit(node: Node, table: PathTable<Resolve> | undefined, walk: Walk): Node {
  if (!table) return node;
  if (table.rule) return table.rule(node, walk);
  if (node.kind === "map") {
    return mapValues(node, (value, key) => {
      walk.path.push(key);
      const next = visit(value, atKey(table, key), walk);
      walk.path.pop();
      return next;
    });
  }
  if (node.kind === "seq") {
    return mapItems(node, (value, index) => {
      walk.path.push(index);
      const next = visit(value, atItem(table), walk);
      walk.path.pop();
      return next;
    });
  }
  return node;
}

function replaceText(node: Node, replace: (path: string) => string): Node {
  const path = text(node);
  if (path === undefined) return node;
  const next = replace(path);
  return next === path ? node : scalar(next, node.at);
}

function absolute(path: string, walk: Walk): string {
  const expanded = expandHome(path, walk.context.options.home);
  return expanded === "" || isAbsolute(expanded) ? expanded : joinPath(walk.base, expanded);
}

function maybeUnix(path: string, walk: Walk): string {
  const expanded = expandHome(path, walk.context.options.home);
  return isAbsolute(expanded) || isWindowsAbsolute(expanded) ? expanded : joinPath(walk.base, expanded);
}

const REMOTE_CONTEXT = /^(?:https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/;

/** Remote and named build contexts stay as they are written. */
export function isRemoteContext(path: string): boolean {
  return path.includes("://") || path.startsWith("service:") || REMOTE_CONTEXT.test(path);
}

function buildContext(path: string, walk: Walk): string {
  return isRemoteContext(path) ? path : absolute(path, walk);
}

function resolveMount(node: Node, walk: Walk): Node {
  if (node.kind !== "map" || text(child(node, "type")) !== "bind") return node;
  const source = child(node, "source");
  if (!source) {
    const path = pathText(walk.path);
    walk.context.report({
      code: "missing-property",
      message: `${path}: a bind mount needs a source`,
      path,
      range: node.at,
    });
    return node;
  }
  return withChild(node, "source", unixFile(source, walk));
}

/** A local volume with `o: bind` is a bind mount in disguise. */
function resolveLocalDevice(node: Node, walk: Walk): Node {
  if (node.kind !== "map" || text(child(node, "driver")) !== "local") return node;
  const options = child(node, "driver_opts");
  if (options?.kind !== "map" || text(child(options, "o")) !== "bind") return node;
  const device = child(options, "device");
  if (!device) return node;
  return withChild(node, "driver_opts", withChild(options, "device", unixFile(device, walk)));
}
