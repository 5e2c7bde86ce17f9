/** Defaults and implicit parts that the model always has (specification: default network, names, implicit dependencies). */
import type { Lookup } from "./template.ts";
import { cleanPath } from "./posix-path.ts";
import type { MapEntry, MapNode, Node } from "./tree.ts";
import {
  child,
  childMap,
  isNull,
  map,
  mapItems,
  mapOf,
  mapValues,
  scalar,
  seq,
  text,
  withChild,
} from "./tree.ts";

/** Normalises a document in long form. `lookup` gives values to variables that are named without one. */
export function normalize(root: MapNode, projectName: string, lookup: Lookup): MapNode {
  let result = withChild(root, "name", scalar(projectName, child(root, "name")?.at ?? root.at));
  let usesDefault = false;
  const services = childMap(result, "services");
  if (services) {
    const next = mapValues(services, (service) => {
      if (service.kind !== "map") return service;
      const attached = attachNetwork(service);
      if (attached.usesDefault) usesDefault = true;
      return normalizeService(attached.service, lookup);
    });
    result = withChild(result, "services", next);
  }
  const networks = childMap(result, "networks");
  if (usesDefault && !networks?.entries.has("default")) {
    const at = services?.at ?? root.at;
    result = withChild(
      result,
      "networks",
      withChild(networks ?? map(new Map(), at), "default", scalar(null, at)),
    );
  }
  for (const section of ["networks", "volumes", "configs", "secrets"])
    result = nameResources(result, section, projectName);
  return result;
}

function attachNetwork(service: MapNode): { service: MapNode; usesDefault: boolean } {
  if (service.entries.has("provider") || service.entries.has("network_mode"))
    return { service, usesDefault: false };
  const networks = child(service, "networks");
  if (networks?.kind === "map" && networks.entries.size > 0)
    return { service, usesDefault: networks.entries.has("default") };
  if (networks && networks.kind !== "map" && !isNull(networks)) return { service, usesDefault: false };
  const at = networks?.at ?? service.at;
  return {
    service: withChild(service, "networks", mapOf({ default: scalar(null, at) }, at)),
    usesDefault: true,
  };
}

function normalizeService(service: MapNode, lookup: Lookup): MapNode {
  let result = service;
  const policy = child(result, "pull_policy");
  if (policy && text(policy) === "if_not_present")
    result = withChild(result, "pull_policy", scalar("missing", policy.at));
  const build = child(result, "build");
  if (build?.kind === "map") result = withChild(result, "build", normalizeBuild(build, lookup));
  const environment = child(result, "environment");
  if (environment) result = withChild(result, "environment", resolveValues(environment, lookup, true));
  const volumes = child(result, "volumes");
  if (volumes?.kind === "seq") result = withChild(result, "volumes", mapItems(volumes, cleanTarget));
  const dependencies = implicitDependencies(result);
  return dependencies ? withChild(result, "depends_on", dependencies) : result;
}

function normalizeBuild(build: MapNode, lookup: Lookup): MapNode {
  let result = build;
  if (isAbsent(child(result, "context"))) result = withChild(result, "context", scalar(".", build.at));
  if (isAbsent(child(result, "dockerfile")) && isAbsent(child(result, "dockerfile_inline"))) {
    result = withChild(result, "dockerfile", scalar("Dockerfile", build.at));
  }
  const args = child(result, "args");
  return args ? withChild(result, "args", resolveValues(args, lookup, false)) : result;
}

function isAbsent(node: Node | undefined): boolean {
  return node === undefined || isNull(node);
}

/** Gives names without a value the value that the environment has; what it does not have is kept or dropped. */
function resolveValues(node: Node, lookup: Lookup, keepUnset: boolean): Node {
  if (node.kind === "map") {
    return mapValues(node, (value, key) => {
      if (!isNull(value)) return value;
      const found = lookup(key);
      return found !== undefined ? scalar(found, value.at) : keepUnset ? value : undefined;
    });
  }
  if (node.kind !== "seq") return node;
  const items: Node[] = [];
  for (const item of node.items) {
    const name = text(item);
    if (name === undefined) continue;
    if (name.includes("=")) {
      items.push(item);
      continue;
    }
    const found = lookup(name);
    if (found !== undefined) items.push(scalar(`${name}=${found}`, item.at));
    else if (keepUnset) items.push(item);
  }
  return seq(items, node.at);
}

function cleanTarget(mount: Node): Node {
  if (mount.kind !== "map") return mount;
  const target = child(mount, "target");
  const path = text(target);
  if (!target || path === undefined) return mount;
  const clean = path === "" ? "." : cleanPath(path);
  return clean === path ? mount : withChild(mount, "target", scalar(clean, target.at));
}

/** Services that a service needs without saying so under `depends_on`. An explicit entry is never changed. */
function implicitDependencies(service: MapNode): MapNode | undefined {
  const explicit = child(service, "depends_on");
  if (explicit && explicit.kind !== "map") return undefined;
  const entries = new Map<string, MapEntry>(explicit?.entries);
  const add = (name: string, restart: boolean, at: Node["at"]): void => {
    if (entries.has(name)) return;
    const values = {
      condition: scalar("service_started", at),
      restart: scalar(restart, at),
      required: scalar(true, at),
    };
    entries.set(name, { keyAt: at, node: mapOf(values, at) });
  };
  for (const link of items(child(service, "links"))) {
    const parts = (text(link) ?? "").split(":");
    add(parts.length === 2 ? (parts[0] ?? "") : (text(link) ?? ""), true, link.at);
  }
  for (const key of ["network_mode", "ipc", "pid", "uts", "cgroup"]) {
    const node = child(service, key);
    const value = text(node);
    if (node && value?.startsWith("service:")) add(value.slice("service:".length), true, node.at);
  }
  for (const source of items(child(service, "volumes_from"))) {
    const value = text(source) ?? "";
    if (!value.startsWith("container:")) add(value.split(":")[0] ?? "", false, source.at);
  }
  return entries.size > 0 ? map(entries, explicit?.at ?? service.at) : undefined;
}

function items(node: Node | undefined): readonly Node[] {
  return node?.kind === "seq" ? node.items : [];
}

/** A resource without a name is named after the project and its key; an external one after its key. */
function nameResources(root: MapNode, section: string, projectName: string): MapNode {
  const resources = childMap(root, section);
  if (!resources) return root;
  const named = mapValues(resources, (value, key) => {
    const resource = value.kind === "map" ? value : isNull(value) ? map(new Map(), value.at) : undefined;
    if (!resource || !isAbsent(child(resource, "name"))) return resource ?? value;
    const external = child(resource, "external");
    const isExternal = external?.kind === "scalar" && (external.value === true || external.value === "true");
    return withChild(resource, "name", scalar(isExternal ? key : `${projectName}_${key}`, resource.at));
  });
  return withChild(root, section, named);
}
