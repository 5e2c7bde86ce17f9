/** Items of a list that mean the same thing: the later definition wins and keeps the first one's place. */
import type { PathTable } from "./path-table.ts";
import { atKey, pathTable } from "./path-table.ts";
import { scalarText } from "./go-format.ts";
import type { MapNode, Node, SeqNode } from "./tree.ts";
import { child, mapValues, seq, text } from "./tree.ts";
import { parseVolumeSpec } from "./volume-spec.ts";

/** The identity of an item, `undefined` where it has none: then it is kept as it is. */
export type Identity = (item: Node) => string | undefined;

const byKey: Identity = (item) => {
  const value = text(item);
  if (value === undefined) return undefined;
  const equals = value.indexOf("=");
  return equals === -1 ? value : value.slice(0, equals);
};

const byTarget: Identity = (item) =>
  item.kind === "map" ? text(child(item, "target")) : targetOfShortVolume(item);

function targetOfShortVolume(item: Node): string | undefined {
  const value = text(item);
  if (value === undefined) return undefined;
  const parsed = parseVolumeSpec(value);
  return parsed.ok ? parsed.target : undefined;
}

const byDeviceTarget: Identity = (item) => {
  if (item.kind === "map") return text(child(item, "target"));
  const parts = text(item)?.split(":");
  return parts && (parts[1] ?? parts[0]);
};

const byPath: Identity = (item) => (item.kind === "map" ? text(child(item, "path")) : text(item));

const byText: Identity = (item) => (item.kind === "scalar" ? scalarText(item) : undefined);

function byMountTarget(folder: string): Identity {
  return (item) => {
    if (item.kind === "map")
      return text(child(item, "target")) ?? `${folder}/${text(child(item, "source")) ?? ""}`;
    const value = text(item);
    return value === undefined ? undefined : `${folder}/${value}`;
  };
}

const byPort: Identity = (item) => {
  if (item.kind === "scalar") return scalarText(item);
  const part = (key: string): string | undefined => {
    const node = child(item, key);
    return node?.kind === "scalar" ? scalarText(node) : undefined;
  };
  // Published as a number, a port is another one than published as text: both stay.
  const published = child(item, "published");
  const kind = published?.kind === "scalar" && typeof published.value === "number" ? "#" : "";
  return `${part("host_ip") ?? "0.0.0.0"}:${kind}${part("published") ?? "?"}:${part("target") ?? "?"}/${part("protocol") ?? "tcp"}`;
};

/** Lists whose items have an identity. */
export const IDENTITIES: PathTable<Identity> = pathTable<Identity>({
  "networks.*.labels": byKey,
  "networks.*.ipam.options": byKey,
  "services.*.annotations": byKey,
  "services.*.build.args": byKey,
  "services.*.build.additional_contexts": byKey,
  "services.*.build.platform": byKey,
  "services.*.build.tags": byKey,
  "services.*.build.labels": byKey,
  "services.*.cap_add": byKey,
  "services.*.cap_drop": byKey,
  "services.*.devices": byDeviceTarget,
  "services.*.configs": byMountTarget(""),
  "services.*.deploy.labels": byKey,
  "services.*.dns": byKey,
  "services.*.dns_opt": byKey,
  "services.*.dns_search": byKey,
  "services.*.environment": byKey,
  "services.*.env_file": byPath,
  "services.*.expose": byText,
  "services.*.labels": byKey,
  "services.*.links": byKey,
  "services.*.networks.*.aliases": byKey,
  "services.*.networks.*.link_local_ips": byKey,
  "services.*.ports": byPort,
  "services.*.profiles": byKey,
  "services.*.secrets": byMountTarget("/run/secrets"),
  "services.*.sysctls": byKey,
  "services.*.tmpfs": byKey,
  "services.*.volumes": byTarget,
});

/** Removes redefinitions from the lists of a document. */
export function uniqueItems(root: MapNode): MapNode {
  return visit(root, IDENTITIES) as MapNode;
}

function visit(node: Node, table: PathTable<Identity> | undefined): Node {
  if (!table) return node;
  if (node.kind === "map") return mapValues(node, (value, key) => visit(value, atKey(table, key)));
  if (node.kind === "seq" && table.rule && node.items.length > 1) return unique(node, table.rule);
  return node;
}

function unique(list: SeqNode, identity: Identity): SeqNode {
  const items: Node[] = [];
  const places = new Map<string, number>();
  for (const item of list.items) {
    const id = identity(item);
    const place = id === undefined ? undefined : places.get(id);
    if (place !== undefined) items[place] = item;
    else {
      if (id !== undefined) places.set(id, items.length);
      items.push(item);
    }
  }
  return items.length === list.items.length ? list : seq(items, list.at);
}
