/**
 * One stack file after the other: interpolate, include, extend, merge over what came before, validate, expand short
 * forms. Included and extended files run through the same steps with other settings.
 */
import { posix } from "node:path";
import type { LoadContext } from "./context.ts";
import type { SourceRange } from "./diagnostic.ts";
import { applyExtends } from "./extends.ts";
import { applyIncludes } from "./include.ts";
import type { Level } from "./level.ts";
import { interpolated, parseFile } from "./level.ts";
import { locateNode } from "./locate.ts";
import { mergeDocuments } from "./merge.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import { applyResets } from "./resets.ts";
import { expandShortForms } from "./short-forms.ts";
import type { MapNode, Node } from "./tree.ts";
import { child, map, mapValues, toPlain, withChild, withoutChild } from "./tree.ts";
import { uniqueItems } from "./unique.ts";
import { validateStackFile } from "./validate.ts";

/** Loads files over each other into one document in long form. */
export function loadFiles(paths: readonly string[], level: Level, at?: SourceRange): MapNode | undefined {
  let base: MapNode | undefined;
  for (const path of paths) {
    const documents = parseFile(path, level.context, at);
    for (const doc of documents ?? []) base = loadDocument(doc, path, base, level);
  }
  return base;
}

function loadDocument(
  doc: ParsedDocument,
  path: string,
  base: MapNode | undefined,
  level: Level,
): MapNode | undefined {
  const { context } = level;
  if (doc.root.kind !== "map") {
    context.report({ code: "invalid-type", message: "a stack file must be a mapping", range: doc.root.at });
    return base;
  }
  const errorsBefore = context.errorCount;
  let current = interpolated(doc.root, level);
  current = applyIncludes(current, path, level);
  current = applyExtends(current, doc.resets, path, level);
  const below = base ? applyResets(base, doc.resets) : map(new Map(), current.at);
  let merged = uniqueItems(mergeDocuments(below, current, context));
  if (context.errorCount === errorsBefore || base === undefined) validate(merged, context);
  merged = dropVersion(merged, path, level);
  return uniqueItems(dropEmptyDns(expandShortForms(merged, context)));
}

function validate(root: MapNode, context: LoadContext): void {
  for (const diagnostic of validateStackFile(toPlain(root), (path, target) =>
    locateNode(root, path, target),
  )) {
    context.report(diagnostic);
  }
}

function dropVersion(root: MapNode, path: string, level: Level): MapNode {
  const version = root.entries.get("version");
  if (!version) return root;
  level.context.report({
    severity: "warning",
    code: "obsolete-version",
    message: `${posix.basename(path)}: the attribute "version" is obsolete and has no effect`,
    path: "version",
    range: version.keyAt,
    hint: "remove it",
  });
  return withoutChild(root, "version");
}

/** Empty `dns` items, which substitution may leave, mean none. */
function dropEmptyDns(root: MapNode): MapNode {
  const services = child(root, "services");
  if (services?.kind !== "map") return root;
  const next = mapValues(services, (service) => {
    const dns = child(service, "dns");
    if (service.kind !== "map" || dns?.kind !== "seq" || !dns.items.some(isEmpty)) return service;
    return withChild(service, "dns", { ...dns, items: dns.items.filter((item) => !isEmpty(item)) });
  });
  return next === services ? root : withChild(root, "services", next);
}

function isEmpty(node: Node): boolean {
  return node.kind === "scalar" && (node.value === null || node.value === "");
}
