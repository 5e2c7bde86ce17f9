/**
 * Merge of one document over another (specification: merge): mappings deeply, scalars replaced, lists appended, with
 * the exceptions of the table. A type that does not fit is a diagnostic, and the base value stays.
 */
import type { LoadContext } from "./context.ts";
import { pathText } from "./context.ts";
import { valueText } from "./go-format.ts";
import type { PathTable } from "./path-table.ts";
import { atKey, pathTable } from "./path-table.ts";
import type { MapEntry, MapNode, Node, SeqNode } from "./tree.ts";
import { child, isNull, map, mapOf, sameValue, scalar, seq } from "./tree.ts";

interface Walk {
  readonly context: LoadContext;
  readonly path: string[];
}

type MergeRule = (base: Node, over: Node, walk: Walk, table: PathTable<MergeRule> | undefined) => Node;

const RULES: PathTable<MergeRule> = pathTable<MergeRule>({
  "networks.*.ipam.config": mergePools,
  "networks.*.labels": appendPairs,
  "volumes.*.labels": appendPairs,
  "services.*.annotations": appendPairs,
  "services.*.build": mergeBuild,
  "services.*.build.args": appendPairs,
  "services.*.build.additional_contexts": appendPairs,
  "services.*.build.extra_hosts": appendMissing,
  "services.*.build.labels": appendPairs,
  "services.*.command": replace,
  "services.*.depends_on": mergeDependencies,
  "services.*.deploy.labels": appendPairs,
  "services.*.dns": appendPairs,
  "services.*.dns_opt": appendPairs,
  "services.*.dns_search": appendPairs,
  "services.*.entrypoint": replace,
  "services.*.env_file": appendPairs,
  "services.*.label_file": appendPairs,
  "services.*.environment": appendPairs,
  "services.*.extra_hosts": appendMissing,
  "services.*.healthcheck.test": replace,
  "services.*.labels": appendPairs,
  "services.*.volumes.*.volume.labels": appendPairs,
  "services.*.logging": mergeLogging,
  "services.*.models": mergeNamed,
  "services.*.networks": mergeNamed,
  "services.*.sysctls": appendPairs,
  "services.*.tmpfs": appendPairs,
  "services.*.ulimits.*": replace,
});

/** Merges `over` over `base`, both whole documents. */
export function mergeDocuments(base: MapNode, over: MapNode, context: LoadContext): MapNode {
  return mergeMaps(base, over, { context, path: [] }, RULES);
}

/** Merges one service definition over another. */
export function mergeServices(base: MapNode, over: MapNode, name: string, context: LoadContext): MapNode {
  const walk: Walk = { context, path: ["services", name] };
  return mergeMaps(base, over, walk, atKey(atKey(RULES, "services"), name));
}

/** Merges one top-level resource definition (`section.name`) over another. */
export function mergeResource(
  base: Node,
  over: Node,
  section: string,
  name: string,
  context: LoadContext,
): Node {
  return mergeNodes(base, over, { context, path: [section, name] }, atKey(atKey(RULES, section), name));
}

function mergeNodes(base: Node, over: Node, walk: Walk, table: PathTable<MergeRule> | undefined): Node {
  if (table?.rule) return table.rule(base, over, walk, table);
  if (isNull(over)) return base;
  if (base.kind === "scalar") return over;
  if (base.kind !== over.kind) return reportMismatch(base, over, walk);
  if (base.kind === "map") return mergeMaps(base, over as MapNode, walk, table);
  return seq([...base.items, ...(over as SeqNode).items], over.at);
}

function reportMismatch(base: Node, over: Node, walk: Walk): Node {
  const path = pathText(walk.path);
  const kinds = { map: "a mapping", seq: "a list", scalar: "a single value" };
  walk.context.report({
    code: "merge-conflict",
    message: `${path} is ${kinds[base.kind]} and cannot be overridden by ${kinds[over.kind]}`,
    path,
    range: over.at,
    related: [{ message: "the value that it would override", range: base.at }],
  });
  return base;
}

function mergeMaps(
  base: MapNode,
  over: MapNode,
  walk: Walk,
  table: PathTable<MergeRule> | undefined,
): MapNode {
  if (base.entries.size === 0) return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const existing = entries.get(key);
    if (!existing) {
      entries.set(key, entry);
      continue;
    }
    walk.path.push(key);
    entries.set(key, {
      keyAt: entry.keyAt,
      node: mergeNodes(existing.node, entry.node, walk, atKey(table, key)),
    });
    walk.path.pop();
  }
  return map(entries, over.at);
}

function replace(_base: Node, over: Node): Node {
  return over;
}

/** `key=value` items for a mapping in the order of their text, a list as it is, one item for a single text. */
function toList(node: Node): readonly Node[] {
  if (node.kind === "seq") return node.items;
  if (node.kind === "scalar") return typeof node.value === "string" ? [node] : [];
  const items: { text: string; node: Node }[] = [];
  for (const [key, entry] of node.entries) {
    const at = spanOf(entry);
    if (isNull(entry.node)) items.push({ text: key, node: scalar(key, at) });
    else {
      for (const value of entry.node.kind === "seq" ? entry.node.items : [entry.node]) {
        const text = `${key}=${valueText(value)}`;
        items.push({ text, node: scalar(text, at) });
      }
    }
  }
  items.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return items.map((item) => item.node);
}

/** From the key to the end of its value, where they stand together. */
function spanOf(entry: MapEntry): MapEntry["keyAt"] {
  const { keyAt, node } = entry;
  if (keyAt.file !== node.at.file || node.at.end < keyAt.start) return node.at;
  return { file: keyAt.file, start: keyAt.start, end: node.at.end };
}

function appendPairs(base: Node, over: Node): Node {
  return seq([...toList(base), ...toList(over)], over.at);
}

function appendMissing(base: Node, over: Node): Node {
  const first = toList(base);
  return seq(
    [...first, ...toList(over).filter((item) => !first.some((known) => sameValue(known, item)))],
    over.at,
  );
}

function mergeBuild(base: Node, over: Node, walk: Walk, table: PathTable<MergeRule> | undefined): Node {
  const first = buildMap(base);
  const second = buildMap(over);
  if (!first) return over;
  return second ? mergeMaps(first, second, walk, table) : base;
}

function buildMap(node: Node): MapNode | undefined {
  if (node.kind === "map") return node;
  return node.kind === "scalar" && typeof node.value === "string"
    ? mapOf({ context: node }, node.at)
    : undefined;
}

function mergeDependencies(
  base: Node,
  over: Node,
  walk: Walk,
  table: PathTable<MergeRule> | undefined,
): Node {
  return mergeNamedWith(base, over, walk, table, dependencyDefaults);
}

/** What the short form of a dependency means. */
export function dependencyDefaults(item: Node): Node {
  return mapOf({ condition: scalar("service_started", item.at), required: scalar(true, item.at) }, item.at);
}

function mergeNamed(base: Node, over: Node, walk: Walk, table: PathTable<MergeRule> | undefined): Node {
  return mergeNamedWith(base, over, walk, table, (item) => scalar(null, item.at));
}

function mergeNamedWith(
  base: Node,
  over: Node,
  walk: Walk,
  table: PathTable<MergeRule> | undefined,
  valueOf: (item: Node) => Node,
): Node {
  const first = namedMap(base, valueOf);
  const second = namedMap(over, valueOf);
  if (!first) return over;
  return second ? mergeMaps(first, second, walk, table) : base;
}

/** A list of names as a mapping from name to `valueOf`. */
export function namedMap(node: Node, valueOf: (item: Node) => Node): MapNode | undefined {
  if (node.kind === "map") return node;
  if (node.kind === "scalar") return undefined;
  const entries = new Map<string, MapEntry>();
  for (const item of node.items) {
    if (item.kind === "scalar" && typeof item.value === "string")
      entries.set(item.value, { keyAt: item.at, node: valueOf(item) });
  }
  return map(entries, node.at);
}

/** Options are merged for one driver; another driver replaces everything. */
function mergeLogging(base: Node, over: Node, walk: Walk, table: PathTable<MergeRule> | undefined): Node {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const before = child(base, "driver");
  const after = child(over, "driver");
  if (!before || !after || sameValue(before, after)) return mergeMaps(base, over, walk, table);
  return over;
}

/** Address pools are merged by subnet. */
function mergePools(base: Node, over: Node, walk: Walk): Node {
  if (base.kind !== "seq" || over.kind !== "seq") return reportMismatch(base, over, walk);
  const result: MapNode[] = [];
  const subnet = (pool: Node): unknown => {
    const value = child(pool, "subnet");
    return value?.kind === "scalar" ? value.value : undefined;
  };
  const indexOf = (wanted: unknown): number => result.findIndex((pool) => subnet(pool) === wanted);
  for (const original of base.items) {
    if (original.kind !== "map") continue;
    let pool = original;
    for (const item of over.items) {
      if (item.kind !== "map") continue;
      if (subnet(item) !== subnet(pool) && indexOf(subnet(item)) === -1) {
        result.push(item);
        continue;
      }
      const before = pool;
      pool = mergeMaps(before, item, walk, undefined);
      // The peer changes a pool where it stands, also where it is already part of the result.
      const standing = result.indexOf(before);
      if (standing !== -1) result[standing] = pool;
      const known = indexOf(subnet(pool));
      if (known === -1) result.push(pool);
      else result[known] = pool;
    }
  }
  return seq(result, over.at);
}
