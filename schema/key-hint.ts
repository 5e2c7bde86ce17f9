/** What an unknown key was probably meant to be: a slip of the hand, or a known key at the wrong level. */
import { knownKeys, member, outlineAt, outlineRoot, type SchemaOutline } from "./outline.ts";
import type { StackPath } from "./model.ts";
import { isSameButForStyle, suggest } from "./suggest.ts";
import { quote } from "./words.ts";

/** What people write for what the format calls otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  cmd: "command",
  env: "environment",
  envs: "environment",
  environments: "environment",
  env_vars: "environment",
  variables: "environment",
  net: "network_mode",
  workdir: "working_dir",
  name: "container_name",
  memory: "mem_limit",
  cpu: "cpus",
  log: "logging",
  log_driver: "logging",
  log_opt: "logging",
  needs: "depends_on",
  requires: "depends_on",
  depends: "depends_on",
  mounts: "volumes",
  volume: "volumes",
  replicas: "deploy",
  dockerfile: "build",
  ignored: "ignore",
};

/** A hint for an unknown key of the mapping at `path`, whose schema is `schema`; `value` is what stands under the key. */
export function unknownKeyHint(
  key: string,
  path: StackPath,
  schema: SchemaOutline,
  value: unknown,
): string | undefined {
  const keys = knownKeys(schema);
  const near = suggest(key, keys);
  const nearHint = near === undefined ? undefined : `did you mean "${near}"?`;
  if (near !== undefined && isSameButForStyle(near, key)) return nearHint;
  return misplacedHint(key, path, schema, value) ?? nearHint ?? otherNameHint(key, keys) ?? fewKeysHint(keys);
}

/** Where there are but a few, they say themselves what may stand here. */
function fewKeysHint(keys: readonly string[]): string | undefined {
  return keys.length > 0 && keys.length <= 5 ? `keys it takes: ${keys.join(", ")}` : undefined;
}

function otherNameHint(key: string, keys: readonly string[]): string | undefined {
  const other = Object.hasOwn(OTHER_NAMES, key) ? OTHER_NAMES[key] : undefined;
  return other !== undefined && keys.includes(other) ? `did you mean "${other}"?` : undefined;
}

function misplacedHint(
  key: string,
  path: StackPath,
  schema: SchemaOutline,
  value: unknown,
): string | undefined {
  if (path.length === 0) return topLevelHint(key, value);
  const inside = knownKeys(schema).find((name) => holds(member(schema, name), key));
  if (inside !== undefined) return `"${key}" belongs under "${inside}"`;
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    if (!holds(outlineAt(path.slice(0, depth)), key)) continue;
    return depth === 0
      ? `"${key}" belongs to the top level; is it indented too far?`
      : `"${key}" belongs to ${quote(String(path[depth - 1]))}; is it indented too far?`;
  }
  return path.length === 2 && path[0] === "services" ? sectionHint(path[1]) : undefined;
}

/** A service called `volumes` is nearly always the top-level section with too much indentation. */
function sectionHint(name: string | number | undefined): string | undefined {
  const isSection = typeof name === "string" && knownKeys(outlineRoot()).includes(name);
  return isSection ? `${quote(name)} stands here as a service; is it indented too far?` : undefined;
}

function topLevelHint(key: string, value: unknown): string | undefined {
  const service = outlineRoot().definitions?.["service"];
  if (holds(service, key)) return `"${key}" belongs to a service, under "services"`;
  const looksLikeService =
    value !== null && typeof value === "object" && ("image" in value || "build" in value);
  return looksLikeService
    ? `a service belongs under "services"; is ${quote(key)} indented too little?`
    : undefined;
}

function holds(schema: SchemaOutline | undefined, key: string): boolean {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, key);
}
