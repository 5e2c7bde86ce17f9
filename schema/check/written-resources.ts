/** Rules on top-level volumes, configs and secrets as they are written. */
import { alternatives } from "../words.ts";
import type { Finding } from "./report.ts";
import { type Mapping, mapping } from "./written-shape.ts";

export function* checkWrittenResources(root: Mapping): Generator<Finding> {
  for (const [name, value] of Object.entries(mapping(root["volumes"])))
    yield* checkExternalVolume(name, mapping(value));
  for (const [name, value] of Object.entries(mapping(root["configs"]))) {
    yield* checkOrigin("configs", name, value, ["file", "environment", "content"]);
  }
  for (const [name, value] of Object.entries(mapping(root["secrets"]))) {
    yield* checkOrigin("secrets", name, value, ["file", "environment"]);
  }
}

/** A volume that exists already cannot be described here. */
function* checkExternalVolume(name: string, value: Mapping): Generator<Finding> {
  if (!isExternal(value["external"])) return;
  for (const key of Object.keys(value)) {
    if (key === "name" || key === "external" || key.startsWith("x-")) continue;
    yield {
      code: "exclusive-keys",
      message: `volumes.${name} is external, so "${key}" cannot be set`,
      path: ["volumes", name, key],
      target: "key",
      hint: `remove "${key}", or "external"`,
      related: [{ message: "external here", path: ["volumes", name, "external"], target: "key" }],
    };
  }
}

function isExternal(value: unknown): boolean {
  return value === true || value === "true" || (value !== null && typeof value === "object");
}

/** Exactly one of the keys says where the content comes from. */
function* checkOrigin(
  section: string,
  name: string,
  written: unknown,
  keys: readonly string[],
): Generator<Finding> {
  // A text, most likely the path of the file, is told to be of the wrong type.
  if (typeof written === "string") return;
  const value = mapping(written);
  const used = keys.filter((key) => Object.hasOwn(value, key));
  const [first, second] = used;
  if (first !== undefined && second !== undefined) {
    yield {
      code: "exclusive-keys",
      message: `${section}.${name} sets both "${first}" and "${second}"`,
      path: [section, name, second],
      target: "key",
      hint: "keep one of them",
      related: [{ message: "the other one", path: [section, name, first], target: "key" }],
    };
  }
  if (used.length > 0 || Object.hasOwn(value, "driver") || Object.hasOwn(value, "external")) return;
  yield {
    code: "missing-key",
    message: `${section}.${name} does not say where its content comes from`,
    path: [section, name],
    target: "key",
    hint: `add ${alternatives(keys.map((key) => `"${key}"`))}, or "external: true"`,
  };
}
