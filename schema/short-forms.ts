/** Short syntaxes to long ones (specification: each attribute's "short syntax"), after which all code knows one form. */
import type { LoadContext } from "./context.ts";
import { pathText } from "./context.ts";
import { floatText, scalarText } from "./go-format.ts";
import { dependencyDefaults, namedMap } from "./merge.ts";
import type { PathTable } from "./path-table.ts";
import { atItem, atKey, pathTable } from "./path-table.ts";
import { parsePortSpec } from "./port-spec.ts";
import type { MapEntry, MapNode, Node } from "./tree.ts";
import { child, isNull, map, mapItems, mapOf, mapValues, scalar, seq, text, withChild } from "./tree.ts";
import { cleanPath } from "./posix-path.ts";
import { parseVolumeSpec } from "./volume-spec.ts";

interface Walk {
  readonly context: LoadContext;
  readonly path: (string | number)[];
}

/** A node in long form. Further rules apply below it only where `deep` says so. */
type Expand = (node: Node, walk: Walk) => Node;

interface Rule {
  readonly expand: Expand;
  readonly deep?: boolean;
}

const LIST: Rule = { expand: (node) => (text(node) === undefined ? node : seq([node], node.at)) };
const NAMES: Rule = {
  expand: (node) => (node.kind === "seq" ? (namedMap(node, (item) => scalar(null, item.at)) ?? node) : node),
};
const FILE_USE: Rule = {
  expand: (node) => (text(node) === undefined ? node : mapOf({ source: node }, node.at)),
};
const TEXT: Rule = { expand: expandText };
const RESOURCE: Rule = { expand: expandExternal, deep: true };

const RULES: PathTable<Rule> = pathTable<Rule>({
  "services.*.build": {
    expand: (node) => (text(node) === undefined ? node : mapOf({ context: node }, node.at)),
    deep: true,
  },
  "services.*.build.secrets.*": FILE_USE,
  "services.*.build.provenance": TEXT,
  "services.*.build.sbom": TEXT,
  "services.*.build.additional_contexts": { expand: expandPairs },
  "services.*.build.ssh": { expand: expandSsh },
  "services.*.depends_on": { expand: expandDependencies },
  "services.*.env_file": { expand: expandEnvFiles },
  "services.*.label_file": LIST,
  "services.*.extends": {
    expand: (node) => (text(node) === undefined ? node : mapOf({ service: node }, node.at)),
  },
  "services.*.gpus": { expand: expandGpus },
  "services.*.networks": NAMES,
  "services.*.models": NAMES,
  "services.*.volumes.*": { expand: expandVolume },
  "services.*.dns": LIST,
  "services.*.devices.*": { expand: expandDevice },
  "services.*.secrets.*": FILE_USE,
  "services.*.configs.*": FILE_USE,
  "services.*.ports": { expand: expandPorts },
  "services.*.develop.watch.*.ignore": LIST,
  "services.*.develop.watch.*.include": LIST,
  "volumes.*": RESOURCE,
  "networks.*": RESOURCE,
  "secrets.*": RESOURCE,
  "configs.*": RESOURCE,
});

/** Brings a whole document into long form. Values of a wrong type stay as they are: the schema has reported them. */
export function expandShortForms(root: MapNode, context: LoadContext): MapNode {
  return visit(root, RULES, { context, path: [] }) as MapNode;
}

function visit(node: Node, table: PathTable<Rule> | undefined, walk: Walk): Node {
  if (!table) return node;
  const { rule } = table;
  const expanded = rule ? rule.expand(node, walk) : node;
  if (rule && !rule.deep) return expanded;
  if (expanded.kind === "map") {
    return mapValues(expanded, (value, key) => {
      walk.path.push(key);
      const next = visit(value, atKey(table, key), walk);
      walk.path.pop();
      return next;
    });
  }
  if (expanded.kind === "seq") {
    return mapItems(expanded, (value, index) => {
      walk.path.push(index);
      const next = visit(value, atItem(table), walk);
      walk.path.pop();
      return next;
    });
  }
  return expanded;
}

function invalid(walk: Walk, code: string, message: string, node: Node, hint?: string): void {
  const path = pathText(walk.path);
  walk.context.reportNew({ code, message: `${path}: ${message}`, path, range: node.at, hint });
}

function expandText(node: Node): Node {
  if (node.kind !== "scalar" || typeof node.value === "string") return node;
  return scalar(
    node.value === null
      ? "<nil>"
      : typeof node.value === "number" && node.type === "float"
        ? floatText(node.value)
        : String(node.value),
    node.at,
  );
}

/** `key=value` items as a mapping. */
function expandPairs(node: Node, walk: Walk): Node {
  if (node.kind !== "seq") return node;
  const entries = new Map<string, MapEntry>();
  for (const item of node.items) {
    const value = text(item) ?? "";
    const equals = value.indexOf("=");
    if (equals === -1) {
      if (walk.context.options.skip?.interpolation) return node;
      invalid(walk, "invalid-value", `expected name=value, found "${value}"`, item);
      continue;
    }
    entries.set(value.slice(0, equals), { keyAt: item.at, node: scalar(value.slice(equals + 1), item.at) });
  }
  return map(entries, node.at);
}

function expandSsh(node: Node, walk: Walk): Node {
  if (node.kind !== "seq") return node;
  const entries = new Map<string, MapEntry>();
  for (const item of node.items) {
    const value = text(item) ?? "";
    const equals = value.indexOf("=");
    if (equals === -1 && value !== "default") {
      invalid(walk, "invalid-value", `expected "default" or id=path, found "${value}"`, item);
      continue;
    }
    if (equals === -1) entries.set(value, { keyAt: item.at, node: scalar(null, item.at) });
    else
      entries.set(value.slice(0, equals), { keyAt: item.at, node: scalar(value.slice(equals + 1), item.at) });
  }
  return map(entries, node.at);
}

function expandDependencies(node: Node): Node {
  const named = namedMap(node, dependencyDefaults);
  if (!named) return node;
  return mapValues(named, (value) => {
    if (value.kind !== "map") return value;
    let result = value;
    if (!result.entries.has("condition"))
      result = withChild(result, "condition", scalar("service_started", value.at));
    if (!result.entries.has("required")) result = withChild(result, "required", scalar(true, value.at));
    return result;
  });
}

function expandEnvFiles(node: Node): Node {
  const items = node.kind === "seq" ? node.items : text(node) === undefined ? undefined : [node];
  if (!items) return node;
  return seq(
    items.map((item) => {
      if (item.kind === "map")
        return item.entries.has("required") ? item : withChild(item, "required", scalar(true, item.at));
      return text(item) === undefined
        ? item
        : mapOf({ path: item, required: scalar(true, item.at) }, item.at);
    }),
    node.at,
  );
}

function expandGpus(node: Node): Node {
  if (text(node) === undefined) return node;
  return seq([mapOf({ count: scalar("all", node.at) }, node.at)], node.at);
}

function expandVolume(node: Node, walk: Walk): Node {
  if (node.kind === "map") {
    if (text(child(node, "target")) === undefined) {
      invalid(
        walk,
        "missing-property",
        "a volume needs a target",
        node,
        "give the path in the container as target",
      );
    }
    return node;
  }
  const spec = text(node);
  if (spec === undefined) return node;
  const parsed = parseVolumeSpec(spec);
  if (!parsed.ok) {
    invalid(
      walk,
      "invalid-volume",
      `"${spec}" is not a volume: ${parsed.reason}`,
      node,
      "expected [source:]target[:options]",
    );
    return node;
  }
  for (const option of parsed.unknown) reportOption(option, node, walk);
  const { at } = node;
  const text_ = (value: string | undefined): Node | undefined => (value ? scalar(value, at) : undefined);
  const bind = parsed.type === "bind" || parsed.propagation || parsed.selinux;
  return mapOf(
    {
      type: scalar(parsed.type, at),
      source: text_(parsed.source),
      target: scalar(cleanPath(parsed.target), at),
      read_only: parsed.readOnly ? scalar(true, at) : undefined,
      bind: bind
        ? mapOf(
            {
              selinux: text_(parsed.selinux),
              propagation: text_(parsed.propagation),
              create_host_path: parsed.type === "bind" ? scalar(true, at) : undefined,
            },
            at,
          )
        : undefined,
      volume:
        parsed.noCopy || (parsed.type === "volume" && !parsed.bare)
          ? mapOf({ nocopy: parsed.noCopy ? scalar(true, at) : undefined }, at)
          : undefined,
    },
    at,
  );
}

function reportOption(option: string, node: Node, walk: Walk): void {
  const path = pathText(walk.path);
  walk.context.report({
    severity: "warning",
    code: "unknown-mount-option",
    message: `${path}: "${option}" is no mount option, and is ignored`,
    path,
    range: node.at,
    hint: /^read-?only$/i.test(option) ? 'did you mean "ro"?' : "options are ro, rw, z, Z and nocopy",
  });
}

function expandDevice(node: Node, walk: Walk): Node {
  if (node.kind === "map") {
    if (text(child(node, "target")) === undefined)
      invalid(walk, "missing-property", "a device needs a target", node);
    return node;
  }
  const spec = text(node);
  if (spec === undefined) return node;
  const parts = spec.split(":");
  if (parts.length > 3) {
    if (!walk.context.options.skip?.interpolation) {
      invalid(
        walk,
        "invalid-device",
        `"${spec}" is not a device`,
        node,
        "expected source[:target[:permissions]]",
      );
    }
    return mapOf(
      { source: scalar("", node.at), target: scalar("", node.at), permissions: scalar("rwm", node.at) },
      node.at,
    );
  }
  const [source = "", target = "", permissions = "rwm"] = parts;
  return mapOf(
    {
      source: scalar(source, node.at),
      target: scalar(target === "" ? source : target, node.at),
      permissions: scalar(permissions, node.at),
    },
    node.at,
  );
}

function expandPorts(node: Node, walk: Walk): Node {
  if (node.kind !== "seq") return node;
  const items: Node[] = [];
  for (const [index, item] of node.items.entries()) {
    walk.path.push(index);
    const ports = expandPort(item, walk);
    walk.path.pop();
    // Without substitution an unreadable item leaves the whole list as it is written.
    if (!ports) return node;
    items.push(...ports);
  }
  return seq(items, node.at);
}

function expandPort(item: Node, walk: Walk): readonly Node[] | undefined {
  if (item.kind === "map") {
    if (!item.entries.has("target"))
      invalid(walk, "missing-property", "a port needs a target", item, "give the container port as target");
    return [item];
  }
  if (item.kind !== "scalar" || isNull(item)) return [item];
  const spec = scalarText(item);
  if (item.type === "float")
    invalid(walk, "invalid-port", `expected a port, found the fraction ${spec}`, item);
  const parsed = parsePortSpec(spec);
  if (!parsed.ok) {
    // What variables may change is no mistake yet; zero is one as it stands.
    if (walk.context.options.skip?.interpolation && !/:0+$/.test(spec)) return undefined;
    invalid(
      walk,
      "invalid-port",
      `"${spec}" is not a port: ${parsed.reason}`,
      item,
      "expected [[ip:]published:]target[/protocol]",
    );
    return [item];
  }
  const { at } = item;
  return parsed.ports.map((port) =>
    mapOf(
      {
        mode: scalar("ingress", at),
        host_ip: port.hostIp === "" ? undefined : scalar(port.hostIp, at),
        target: scalar(port.target, at),
        published: port.published === "" ? undefined : scalar(port.published, at),
        protocol: scalar(port.protocol, at),
      },
      at,
    ),
  );
}

/** `external: {name: x}`, the old way to name an external resource. */
function expandExternal(node: Node, walk: Walk): Node {
  if (node.kind !== "map") return node;
  const external = child(node, "external");
  if (external?.kind !== "map") return node;
  const result = withChild(node, "external", scalar(true, external.at));
  const oldName = child(external, "name");
  if (!oldName) return result;
  const path = pathText(walk.path);
  walk.context.report({
    severity: "warning",
    code: "deprecated-external-name",
    message: `${path}: external.name is deprecated`,
    path,
    range: oldName.at,
    hint: "write name: and external: true",
  });
  const name = child(node, "name");
  if (!name) return withChild(result, "name", oldName);
  if (text(name) !== text(oldName)) {
    walk.context.report({
      code: "name-conflict",
      message: `${path}: name and external.name differ`,
      path,
      range: oldName.at,
      related: [{ message: "the other name", range: name.at }],
      hint: "keep name only",
    });
  }
  return result;
}
