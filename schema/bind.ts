/** The document in long form to the typed model. */
import type { LoadContext } from "./context.ts";
import { SECRET_VALUE } from "./complete-level.ts";
import type { FileObject, JsonValue, Model, Network, Service, Volume } from "./model.ts";
import { fileObjectShape, modelShape, networkShape, serviceShape, volumeShape } from "./model-shape.ts";
import type { ObjectShape } from "./shape.ts";
import { emptyRecord, readShape, toJson } from "./shape.ts";
import type { MapNode, Node } from "./tree.ts";
import { child, isNull, map, text, withoutChild } from "./tree.ts";

export interface BoundModel {
  services: Record<string, Service>;
  networks: Record<string, Network>;
  volumes: Record<string, Volume>;
  configs: Record<string, FileObject>;
  secrets: Record<string, FileObject>;
  models: Record<string, Model>;
  extensions: Record<string, JsonValue>;
}

export function bindModel(root: MapNode, context: LoadContext): BoundModel {
  const extensions = emptyRecord();
  for (const [key, entry] of root.entries) {
    if (key.startsWith("x-")) extensions[key] = toJson(entry.node);
  }
  return {
    services: bindSection<Service>(root, "services", serviceShape, context),
    networks: bindSection<Network>(root, "networks", networkShape, context),
    volumes: bindSection<Volume>(root, "volumes", volumeShape, context),
    configs: bindSection<FileObject>(root, "configs", fileObjectShape, context),
    secrets: bindSecrets(root, context),
    models: bindSection<Model>(root, "models", modelShape, context),
    extensions,
  };
}

/** The shapes and the model's types describe the same attributes; a test holds them together. */
function bindSection<T>(
  root: MapNode,
  section: string,
  shape: ObjectShape,
  context: LoadContext,
): Record<string, T> {
  const result = emptyRecord<T>();
  const node = child(root, section);
  if (node?.kind !== "map") return result;
  for (const [name, entry] of node.entries) {
    const value = isNull(entry.node) ? map(new Map(), entry.node.at) : entry.node;
    const bound = readShape(shape, value, { context, path: [section, name] });
    if (bound !== undefined) result[name] = bound as T;
  }
  return result;
}

function bindSecrets(root: MapNode, context: LoadContext): Record<string, FileObject> {
  const secrets = emptyRecord<FileObject>();
  const node = child(root, "secrets");
  if (node?.kind !== "map") return secrets;
  const plain = map(
    new Map([...node.entries].map(([name, entry]) => [name, { ...entry, node: withoutValue(entry.node) }])),
    node.at,
  );
  const bound = bindSection<FileObject>(
    map(new Map([["secrets", { keyAt: node.at, node: plain }]]), node.at),
    "secrets",
    fileObjectShape,
    context,
  );
  for (const [name, secret] of Object.entries(bound)) {
    const value = text(child(child(node, name), SECRET_VALUE));
    secrets[name] = value === undefined ? secret : { ...secret, content: value };
  }
  return secrets;
}

function withoutValue(node: Node): Node {
  return node.kind === "map" ? withoutChild(node, SECRET_VALUE) : node;
}
