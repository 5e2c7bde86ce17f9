/** Digests: our canonical JSON, and the peer's hash that other Compose tools read from the labels. */
import { createHash } from "node:crypto";

/** SHA-256 as lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** JSON with sorted keys and without undefined members: equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value)) ?? "null";
}

/** SHA-256 of the canonical JSON of a value, as lower-case hex. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Readonly<Record<string, unknown>>;
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(record).toSorted()) {
    if (record[key] !== undefined) sorted[key] = sortKeys(record[key]);
  }
  return sorted;
}

/** What the peer leaves out of a service's hash: it does not concern the container. */
const NOT_HASHED: ReadonlySet<string> = new Set([
  "name",
  "build",
  "pull_policy",
  "scale",
  "depends_on",
  "profiles",
]);

/**
 * The peer's `com.docker.compose.config-hash` of a service: SHA-256 of compact JSON with the fields in the order in
 * which its `config --format json` prints them, `command` and `entrypoint` always present.
 * @param service canonical service with its fields in that order and `$` not doubled
 */
export function peerServiceHash(service: Readonly<Record<string, unknown>>): string {
  const hashed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(withNullCommand(service))) {
    if (NOT_HASHED.has(key) || key.startsWith("x-") || value === undefined) continue;
    hashed[key] = key === "deploy" ? withoutReplicas(value) : value;
  }
  return sha256(goJson(hashed));
}

/** The peer's hash of a top-level network or volume: its fields in the order of the peer's own structure. */
export function peerResourceHash(fields: Readonly<Record<string, unknown>>): string {
  return sha256(goJson(fields));
}

/** Go's JSON encoder escapes these inside strings. */
const GO_ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
  "\u007f": "\u007f",
};

function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => GO_ESCAPES[character] ?? character);
}

function withoutReplicas(deploy: unknown): unknown {
  if (typeof deploy !== "object" || deploy === null) return deploy;
  return Object.fromEntries(Object.entries(deploy).filter(([key]) => key !== "replicas"));
}

/** Inserts an absent `command` or `entrypoint` as null at its alphabetical place. */
function withNullCommand(service: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if ("command" in service && "entrypoint" in service) return service;
  const entries = Object.entries(service);
  for (const key of ["command", "entrypoint"]) {
    if (key in service) continue;
    const at = entries.findIndex(([other]) => other > key);
    entries.splice(at === -1 ? entries.length : at, 0, [key, null]);
  }
  return Object.fromEntries(entries);
}
