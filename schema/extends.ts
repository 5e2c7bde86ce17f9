/** `extends`: a service built on another of the same file or of another one (specification: extends). */
import { posix } from "node:path";
import { pathText } from "./context.ts";
import type { SourceRange } from "./diagnostic.ts";
import type { Level } from "./level.ts";
import { interpolated, parseFile } from "./level.ts";
import { checkExtendedForms } from "./extended-forms.ts";
import { mergeDocuments, mergeServices } from "./merge.ts";
import type { TaggedPath } from "./parsed-document.ts";
import { isAbsolute, joinPath, relativeDirectory } from "./posix-path.ts";
import { isRemoteResource, reportRemote } from "./remote.ts";
import { resolvePaths } from "./resolve-paths.ts";
import { applyResets, resetsOfService } from "./resets.ts";
import { expandShortForms } from "./short-forms.ts";
import { didYouMean } from "./suggest.ts";
import type { MapNode, Node } from "./tree.ts";
import { child, isNull, map, mapValues, text, withChild, withoutChild } from "./tree.ts";
import { uniqueItems } from "./unique.ts";

/** Services of one file, with what their `extends` were resolved to so far. */
interface ServiceTable {
  readonly file: string;
  readonly services: MapNode;
  readonly resets: readonly TaggedPath[];
  readonly done: Map<string, Node>;
}

const CHAIN_LIMIT = 200;

interface Step {
  readonly file: string;
  readonly service: string;
  readonly at: SourceRange;
}

/** The document with every `extends` resolved. */
export function applyExtends(
  root: MapNode,
  resets: readonly TaggedPath[],
  file: string,
  level: Level,
): MapNode {
  const services = child(root, "services");
  if (services && isNull(services)) {
    const hint = 'nothing stands under "services"; indent what belongs to it, or remove the line';
    level.context.report({
      code: "wrong-type",
      message: "services: expected a mapping, found nothing",
      path: "services",
      range: services.at,
      hint,
    });
  }
  if (services?.kind !== "map") return root;
  if (![...services.entries.values()].some((entry) => child(entry.node, "extends"))) return root;
  const table: ServiceTable = { file, services, resets, done: new Map() };
  const files = new Map<string, ServiceTable | undefined>();
  return withChild(
    root,
    "services",
    mapValues(services, (_, name) => resolveService(name, table, [], files, level)),
  );
}

function resolveService(
  name: string,
  table: ServiceTable,
  steps: readonly Step[],
  files: Map<string, ServiceTable | undefined>,
  level: Level,
): Node {
  const known = table.done.get(name);
  if (known) return known;
  const service = child(table.services, name) as Node;
  const reference = child(service, "extends");
  const result =
    service.kind === "map" && reference
      ? extendService(name, service, reference, table, steps, files, level)
      : service;
  table.done.set(name, result);
  return result;
}

function extendService(
  name: string,
  service: MapNode,
  reference: Node,
  table: ServiceTable,
  steps: readonly Step[],
  files: Map<string, ServiceTable | undefined>,
  level: Level,
): Node {
  const plain = withoutChild(service, "extends");
  const wanted = readReference(name, reference, level);
  if (!wanted) return plain;
  const base = wanted.file ? openFile(wanted.file, files, level) : table;
  if (!base) {
    // What the base would have brought is not missing for a reason of its own.
    level.context.noteLack(pathText(["services", name]));
    return plain;
  }
  const step: Step = { file: base.file, service: name, at: reference.at };
  const first = steps.findIndex((known) => known.file === step.file && known.service === step.service);
  if (first !== -1) {
    reportCycle([...steps.slice(first), step], level);
    return plain;
  }
  if (steps.length >= CHAIN_LIMIT) {
    level.context.report({
      code: "extends-too-deep",
      message: `services extend each other over more than ${CHAIN_LIMIT} steps`,
      range: reference.at,
    });
    return plain;
  }
  if (!base.services.entries.has(wanted.service)) {
    level.context.report({
      code: "undefined-service",
      message: `service "${name}" extends "${wanted.service}", which ${base === table ? "is not defined" : `${base.file} does not define`}`,
      path: pathText(["services", name, "extends"]),
      range: wanted.at,
      hint: didYouMean(wanted.service, base.services.entries.keys()),
    });
    return plain;
  }
  const resolved = resolveService(wanted.service, base, [...steps, step], files, level);
  // A service that is defined without any attribute gives nothing, and the reference stays.
  if (resolved.kind !== "map") return service;
  const source = applyResets(resolved, resetsOfService(table.resets, name));
  return withoutChild(mergeServices(source, service, name, level.context), "extends");
}

interface Reference {
  readonly service: string;
  readonly file?: Node;
  readonly at: SourceRange;
}

function readReference(name: string, node: Node, level: Level): Reference | undefined {
  const short = text(node);
  if (short !== undefined) return { service: short, at: node.at };
  const service = child(node, "service");
  const file = child(node, "file");
  const wanted = text(service);
  if (service && wanted !== undefined)
    return { service: wanted, at: service.at, ...(file && !isNull(file) ? { file } : {}) };
  level.context.report({
    code: "missing-key",
    message: `service "${name}": extends must name a service`,
    path: pathText(["services", name, "extends"]),
    range: node.at,
  });
  return undefined;
}

/** The services of another file, in long form, with paths relative to where it stands. */
function openFile(
  node: Node,
  files: Map<string, ServiceTable | undefined>,
  level: Level,
): ServiceTable | undefined {
  const { context } = level;
  const name = text(node);
  if (name === undefined) return undefined;
  if (isRemoteResource(name)) return reportRemote(name, node.at, context);
  const path = isAbsolute(name) ? joinPath(name, ".") : joinPath(level.directory, name);
  if (files.has(path)) return files.get(path);
  files.set(path, undefined);
  context.noteOrigin(path, "extended here", node.at);
  const documents = parseFile(path, context, node.at);
  let merged: MapNode | undefined;
  let resets: readonly TaggedPath[] = [];
  for (const doc of documents ?? []) {
    if (doc.root.kind !== "map") continue;
    const below: MapNode = merged ? applyResets(merged, doc.resets) : map(new Map(), doc.root.at);
    const next = uniqueItems(mergeDocuments(below, interpolated(doc.root, level), context));
    merged = uniqueItems(expandShortForms(next, context));
    resets = doc.resets;
  }
  const services = child(merged, "services");
  if (!merged || services?.kind !== "map") {
    if (documents) {
      context.report({
        code: "undefined-service",
        message: `${path} has no services to extend`,
        range: node.at,
      });
    }
    return undefined;
  }
  checkExtendedForms(services, context);
  const placed = resolvePaths(merged, relativeDirectory(level.directory, posix.dirname(path)), context);
  const table: ServiceTable = {
    file: path,
    services: child(placed, "services") as MapNode,
    resets,
    done: new Map(),
  };
  files.set(path, table);
  return table;
}

function reportCycle(steps: readonly Step[], level: Level): void {
  const last = steps.at(-1);
  if (!last) return;
  level.context.report({
    code: "extends-cycle",
    message: `services extend each other in a circle: ${steps.map((step) => step.service).join(" -> ")}`,
    range: last.at,
    related: steps
      .slice(0, -1)
      .map((step) => ({ message: `"${step.service}" extends here`, range: step.at })),
  });
}
