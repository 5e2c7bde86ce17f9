/** What follows when all files of a level are merged: defaults, paths, values that the environment gives. */
import type { LoadContext } from "./context.ts";
import { checkAttributes } from "./attribute-rules.ts";
import { addDefaults } from "./defaults.ts";
import { lookupIn } from "./environment.ts";
import type { StringMap } from "./model.ts";
import { resolvePaths } from "./resolve-paths.ts";
import type { MapNode, Node } from "./tree.ts";
import { child, mapItems, mapValues, scalar, text, withChild } from "./tree.ts";

/** Key of a secret's value in the tree; no file can hold it, because `#` starts a comment in a plain key. */
export const SECRET_VALUE = "x-#value";

export function completeLevel(
  root: MapNode,
  base: string,
  environment: StringMap,
  withPaths: boolean,
  context: LoadContext,
): MapNode {
  let result = addDefaults(root);
  checkAttributes(result, context);
  if (withPaths) result = resolvePaths(result, base, context);
  return resolveValues(result, environment);
}

function resolveValues(root: MapNode, environment: StringMap): MapNode {
  const lookup = lookupIn(environment);
  let result = changeSection(root, "services", (service) => {
    const variables = child(service, "environment");
    if (service.kind !== "map" || variables?.kind !== "seq") return service;
    const next = mapItems(variables, (item) => {
      const name = text(item);
      const value = name === undefined ? undefined : lookup(name);
      return value === undefined ? item : scalar(`${name ?? ""}=${value}`, item.at);
    });
    return next === variables ? service : withChild(service, "environment", next);
  });
  for (const [section, key] of [
    ["secrets", SECRET_VALUE],
    ["configs", "content"],
  ] as const) {
    result = changeSection(result, section, (resource) => {
      const name = child(resource, "environment");
      const value = lookup(text(name) ?? "");
      return resource.kind === "map" && name && value !== undefined
        ? withChild(resource, key, scalar(value, name.at))
        : resource;
    });
  }
  return result;
}

function changeSection(root: MapNode, section: string, change: (node: Node) => Node): MapNode {
  const node = child(root, section);
  if (node?.kind !== "map") return root;
  const next = mapValues(node, change);
  return next === node ? root : withChild(root, section, next);
}
