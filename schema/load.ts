import { bindModel } from "./bind.ts";
import type { BoundModel } from "./bind.ts";
import { bindSourceWarnings } from "./check/bind-sources.ts";
import { checkStack } from "./check/check.ts";
import { completeLevel } from "./complete-level.ts";
import { LoadContext } from "./context.ts";
import type { SourceRange } from "./diagnostic.ts";
import type { Discovery } from "./discover.ts";
import { discover } from "./discover.ts";
import { documentJson, documentYaml } from "./document-json.ts";
import { loadFiles } from "./document.ts";
import type { Level } from "./level.ts";
import { parseFile } from "./level.ts";
import { lookupIn } from "./environment.ts";
import type { LoadOptions } from "./files.ts";
import { isSilencedAt, silencesOf } from "./lint/silence.ts";
import { locateNode } from "./locate.ts";
import type { JsonValue, LoadResult, Service, Stack, StackPath, StringMap } from "./model.ts";
import { normalize } from "./normalize.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import { projectName } from "./project-name.ts";
import type { Selection } from "./select.ts";
import { profilesOfNamed, pruneResources, selectServices, splitByProfile } from "./select.ts";
import { placeKey, resolveServiceFiles } from "./service-files.ts";
import { emptyRecord } from "./shape.ts";
import type { TemplateVariable } from "./template.ts";
import { templateVariables } from "./template.ts";
import type { MapNode, Node } from "./tree.ts";

/** The stack files as one document in long form, before it is a typed model. */
export interface LoadedDocument {
  readonly name: string;
  readonly root: MapNode;
  readonly discovery: Discovery;
}

export type DocumentResult =
  | {
      readonly ok: true;
      /** As JSON shows it. */
      readonly document: JsonValue;
      /** As YAML shows it, where empty lists stay. */
      readonly yamlDocument: JsonValue;
      readonly diagnostics: LoadResult["diagnostics"];
      readonly sources: Stack["sources"];
    }
  | {
      readonly ok: false;
      readonly diagnostics: LoadResult["diagnostics"];
      readonly sources: Stack["sources"];
    };

/** The whole loading pipeline as one function: text to validated model, all problems at once. Never throws for bad input. */
export function load(options: LoadOptions): LoadResult {
  const context = new LoadContext(options);
  const loaded = loadRoot(context);
  const stack = loaded && buildStack(loaded, context);
  if (!stack || context.failed) return failure(context);
  const silences = silencesOf(stack.sources);
  const found = context.diagnostics.filter(({ code, range }) => !isSilencedAt(silences, code, range));
  const missing = options.checkPaths ? bindSourceWarnings(stack, options.files, silences) : [];
  return { ok: true, stack, diagnostics: [...found, ...missing] };
}

/** The merged document itself, for showing it with its variables unresolved. Profiles are not applied. */
export function loadDocument(options: LoadOptions): DocumentResult {
  const context = new LoadContext(options);
  const loaded = loadRoot(context);
  if (!loaded || context.failed) return failure(context);
  return {
    ok: true,
    document: documentJson(loaded.root),
    yamlDocument: documentYaml(loaded.root),
    diagnostics: context.diagnostics,
    sources: [...context.sources.values()],
  };
}

export type VariablesResult =
  | {
      readonly ok: true;
      readonly variables: readonly TemplateVariable[];
      readonly diagnostics: LoadResult["diagnostics"];
    }
  | {
      readonly ok: false;
      readonly diagnostics: LoadResult["diagnostics"];
      readonly sources: Stack["sources"];
    };

/** Every variable that the stack's values refer to, by name, with the defaults written for it. */
export function loadVariables(options: LoadOptions): VariablesResult {
  const context = new LoadContext({ ...options, skip: { ...options.skip, interpolation: true } });
  const loaded = loadRoot(context);
  if (!loaded || context.failed) return failure(context);
  const found = new Map<string, TemplateVariable>();
  collectVariables(loaded.root, found);
  const variables = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ok: true, variables, diagnostics: context.diagnostics };
}

function collectVariables(node: Node, found: Map<string, TemplateVariable>): void {
  if (node.kind === "scalar") {
    if (typeof node.value === "string")
      for (const variable of templateVariables(node.value)) found.set(variable.name, variable);
  } else if (node.kind === "seq") for (const item of node.items) collectVariables(item, found);
  else for (const entry of node.entries.values()) collectVariables(entry.node, found);
}

function failure(context: LoadContext): Extract<LoadResult, { ok: false }> {
  return { ok: false, diagnostics: context.diagnostics, sources: [...context.sources.values()] };
}

function loadRoot(context: LoadContext): LoadedDocument | undefined {
  const { skip } = context.options;
  const discovery = discover(context);
  const { configFiles, workingDir, environment } = discovery;
  if (configFiles.length === 0) {
    context.report({
      code: "no-stack-file",
      message: `no stack file found in ${workingDir} or a directory above it`,
      hint: "create compose.yaml, or name a file with -f",
    });
    return undefined;
  }
  const documents: ParsedDocument[] = configFiles.flatMap((path) => parseFile(path, context) ?? []);
  if (context.failed) return undefined;
  const name = projectName(documents, workingDir, environment, lookupIn(environment), context);
  environment["COMPOSE_PROJECT_NAME"] = name;
  // A document that keeps its variables shows none of this machine's either.
  const visible: StringMap = skip?.interpolation ? { COMPOSE_PROJECT_NAME: name } : environment;
  const level: Level = {
    context,
    environment: visible,
    lookup: lookupIn(visible),
    directory: workingDir,
    loadFiles,
    chain: configFiles.slice(0, 1).map((file) => ({ file })),
  };
  let root = loadFiles(configFiles, level);
  if (!root || (root.entries.size === 0 && !context.failed)) {
    context.report({
      code: "empty-stack",
      message: "the stack file is empty",
      range: root?.at ?? startOf(configFiles),
      hint: "it needs at least one service, under services:",
    });
    return undefined;
  }
  root = completeLevel(root, workingDir, visible, !skip?.pathResolution, context);
  if (!skip?.normalization) root = normalize(root, name, level.lookup);
  return { name, root, discovery };
}

function startOf([file]: readonly string[]): SourceRange | undefined {
  return file === undefined ? undefined : { file, start: 0, end: 0 };
}

function buildStack(loaded: LoadedDocument, context: LoadContext): Stack | undefined {
  const { options } = context;
  const { name, root, discovery } = loaded;
  const { environment } = discovery;
  const places = new Map<string, SourceRange>();
  const model = bindModel(root, context);
  const profiles = activeProfiles(options, environment);
  let selection = splitByProfile(model.services, profiles);
  if (!options.skip?.consistency) reportInconsistencies(model, selection, root, context);
  if (context.failed) return undefined;

  const named = options.services ?? [];
  if (named.length > 0) {
    selection = splitByProfile(model.services, [...profiles, ...profilesOfNamed(named, selection)]);
    selection = selectServices(named, !options.noDependencies, selection, context);
  }
  const services = resolveFiles(selection, environment, root, places, context);
  const kept = options.allResources ? model : pruneResources(model, services);
  const isCompatible =
    options.compatibility ?? /^(?:1|t|true|y|yes|on)$/i.test(environment["COMPOSE_COMPATIBILITY"] ?? "");
  return {
    name,
    nameSeparator: isCompatible ? "_" : "-",
    workingDir: discovery.workingDir,
    configFiles: discovery.configFiles,
    environmentFiles: discovery.environmentFiles,
    environment,
    services,
    disabledServices: selection.disabledServices,
    networks: kept.networks,
    volumes: kept.volumes,
    configs: kept.configs,
    secrets: kept.secrets,
    models: kept.models,
    extensions: kept.extensions,
    sources: [...context.sources.values()],
    locate: (path) => locate(root, places, path),
  };
}

function activeProfiles(options: LoadOptions, environment: StringMap): readonly string[] {
  if (options.profiles && options.profiles.length > 0) return options.profiles;
  return (environment["COMPOSE_PROFILES"] ?? "").split(",").map((profile) => profile.trim());
}

function reportInconsistencies(
  model: BoundModel,
  selection: Selection,
  root: MapNode,
  context: LoadContext,
): void {
  const input = {
    ...model,
    ...selection,
    locate: (path: StackPath, target?: "key" | "value") => locateNode(root, path, target),
    textAt: (range: SourceRange) => context.sources.get(range.file)?.text.slice(range.start, range.end),
  };
  for (const diagnostic of checkStack(input)) {
    // A service with a mistake in it may well have named its image where the mistake is.
    if (
      diagnostic.code === "no-image" &&
      diagnostic.path !== undefined &&
      context.hasErrorWithin(diagnostic.path)
    )
      continue;
    context.report(diagnostic);
  }
}

function resolveFiles(
  selection: Selection,
  environment: StringMap,
  root: MapNode,
  places: Map<string, SourceRange>,
  context: LoadContext,
): Record<string, Service> {
  const services = emptyRecord<Service>();
  const input = { context, environment, places, locate: (path: StackPath) => locateNode(root, path) };
  for (const [name, service] of Object.entries(selection.services))
    services[name] = resolveServiceFiles(name, service, input);
  return services;
}

function locate(root: MapNode, places: ReadonlyMap<string, SourceRange>, path: StackPath): SourceRange {
  const [section, service, attribute, key] = path;
  if (
    section === "services" &&
    typeof service === "string" &&
    typeof attribute === "string" &&
    key !== undefined
  ) {
    const place = places.get(placeKey(service, attribute, String(key)));
    if (place) return place;
  }
  return locateNode(root, path);
}
