/** Which services a run is about: profiles, names on the command line, their dependencies (specification: profiles). */
import type { BoundModel } from "./bind.ts";
import type { LoadContext } from "./context.ts";
import type { Service } from "./model.ts";
import { emptyRecord } from "./shape.ts";
import { didYouMean } from "./suggest.ts";

export interface Selection {
  readonly services: Record<string, Service>;
  readonly disabledServices: Record<string, Service>;
}

/** Active where no profile is asked for, or one of them is active; `*` activates all. */
export function splitByProfile(
  services: Readonly<Record<string, Service>>,
  profiles: readonly string[],
): Selection {
  const active = emptyRecord<Service>();
  const disabled = emptyRecord<Service>();
  for (const [name, service] of Object.entries(services)) {
    const own = service.profiles ?? [];
    const isActive = own.length === 0 || profiles.some((profile) => profile === "*" || own.includes(profile));
    (isActive ? active : disabled)[name] = service;
  }
  return { services: active, disabledServices: disabled };
}

/** Profiles that become active because a service of theirs is named. */
export function profilesOfNamed(names: readonly string[], selection: Selection): string[] {
  return names.flatMap((name) =>
    selection.services[name] ? [] : (selection.disabledServices[name]?.profiles ?? []),
  );
}

/** Narrows to the named services (shell patterns) and, unless switched off, what they depend on. */
export function selectServices(
  names: readonly string[],
  withDependencies: boolean,
  selection: Selection,
  context: LoadContext,
): Selection {
  const chosen = new Set<string>();
  const visit = (pattern: string, optional: boolean): void => {
    const found = Object.keys(selection.services).filter((name) => matchesPattern(pattern, name));
    if (found.length === 0 && !optional) reportUnknown(pattern, selection, context);
    for (const name of found) {
      if (chosen.has(name)) continue;
      chosen.add(name);
      if (!withDependencies) continue;
      for (const [dependency, settings] of Object.entries(selection.services[name]?.depends_on ?? {})) {
        visit(dependency, !settings.required);
      }
    }
  };
  for (const name of names) visit(name, false);
  const services = emptyRecord<Service>();
  const disabledServices = Object.assign(emptyRecord<Service>(), selection.disabledServices);
  for (const [name, service] of Object.entries(selection.services)) {
    if (chosen.has(name)) services[name] = withoutOtherDependencies(service, chosen);
    else disabledServices[name] = service;
  }
  return { services, disabledServices };
}

function withoutOtherDependencies(service: Service, chosen: ReadonlySet<string>): Service {
  const dependencies = service.depends_on;
  if (!dependencies || Object.keys(dependencies).every((name) => chosen.has(name))) return service;
  const kept = Object.entries(dependencies).filter(([name]) => chosen.has(name));
  const { depends_on: _, ...rest } = service;
  return kept.length === 0 ? rest : { ...service, depends_on: Object.fromEntries(kept) };
}

function reportUnknown(name: string, selection: Selection, context: LoadContext): void {
  const disabled = Object.hasOwn(selection.disabledServices, name);
  context.report({
    code: disabled ? "disabled-service" : "undefined-service",
    message: disabled ? `service "${name}" is in no active profile` : `there is no service named "${name}"`,
    hint: disabled
      ? `activate it with --profile ${selection.disabledServices[name]?.profiles?.[0] ?? "*"}`
      : didYouMean(name, Object.keys(selection.services)),
  });
}

const PATTERN_CHARACTERS = /[*?[\\]/;

/** Shell pattern: `*`, `?`, `[a-z]`, backslash. */
export function matchesPattern(pattern: string, name: string): boolean {
  if (!PATTERN_CHARACTERS.test(pattern)) return pattern === name;
  let source = "";
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern.charAt(i);
    if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "\\") {
      i += 1;
      source += escapeRegExp(pattern.charAt(i));
    } else if (char === "[") {
      const end = pattern.indexOf("]", i + 2);
      if (end === -1) return false;
      const body = pattern.slice(i + 1, end).replace(/[\\[\]]/g, "\\$&");
      source += `[${body}]`;
      i = end;
    } else source += escapeRegExp(char);
  }
  try {
    return new RegExp(`^${source}$`, "su").test(name);
  } catch {
    // A range such as [z-a]: the pattern matches nothing.
    return false;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** Drops top-level resources that no active service uses. */
export function pruneResources(model: BoundModel, services: Readonly<Record<string, Service>>): BoundModel {
  const used = {
    networks: new Set<string>(),
    volumes: new Set<string>(),
    secrets: new Set<string>(),
    configs: new Set<string>(),
    models: new Set<string>(),
  };
  for (const service of Object.values(services)) {
    for (const name of Object.keys(service.networks ?? {})) used.networks.add(name);
    for (const mount of service.volumes ?? [])
      if (mount.type === "volume" && mount.source) used.volumes.add(mount.source);
    for (const secret of [...(service.secrets ?? []), ...(service.build?.secrets ?? [])])
      used.secrets.add(secret.source);
    for (const config of service.configs ?? []) used.configs.add(config.source);
    for (const name of Object.keys(service.models ?? {})) used.models.add(name);
  }
  return {
    ...model,
    networks: pick(model.networks, used.networks),
    volumes: pick(model.volumes, used.volumes),
    secrets: pick(model.secrets, used.secrets),
    configs: pick(model.configs, used.configs),
    models: pick(model.models, used.models),
  };
}

function pick<T>(all: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  const result = emptyRecord<T>();
  for (const [name, value] of Object.entries(all)) if (names.has(name)) result[name] = value;
  return result;
}
