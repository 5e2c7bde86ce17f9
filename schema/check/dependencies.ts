/** Services that a service refers to: dependencies, links, shared namespaces. */
import type { Service, StackPath } from "../model.ts";
import { didYouMean } from "../suggest.ts";
import { type CheckInput, serviceEntries, type Finding, has } from "./report.ts";

const SHARING = ["network_mode", "ipc", "pid", "uts", "cgroup"] as const;
const SERVICE_PREFIX = "service:";

interface Reference {
  readonly target: string;
  readonly path: StackPath;
  readonly verb: string;
  readonly place: "key" | "value";
  readonly required: boolean;
}

export function* checkDependencies(input: CheckInput): Generator<Finding> {
  for (const [name, service] of serviceEntries(input)) {
    // Links and shared namespaces imply a dependency; the written place is the one to show.
    const reported = new Set<string>();
    for (const reference of [...writtenReferences(name, service), ...dependencies(name, service)]) {
      if (has(input.services, reference.target) || reported.has(reference.target)) continue;
      const disabled = has(input.disabledServices, reference.target);
      if (disabled && !reference.required) continue;
      reported.add(reference.target);
      yield describe(input, name, reference, disabled);
    }
  }
}

function* writtenReferences(name: string, service: Service): Generator<Reference> {
  for (const [index, link] of (service.links ?? []).entries()) {
    const target = link.split(":", 1)[0] ?? link;
    yield {
      target,
      path: ["services", name, "links", index],
      verb: "links to",
      place: "value",
      required: true,
    };
  }
  for (const key of SHARING) {
    const value = service[key];
    if (typeof value !== "string" || !value.startsWith(SERVICE_PREFIX)) continue;
    const target = value.slice(SERVICE_PREFIX.length);
    yield {
      target,
      path: ["services", name, key],
      verb: `shares "${key}" with`,
      place: "value",
      required: true,
    };
  }
  for (const [index, from] of (service.volumes_from ?? []).entries()) {
    if (from.startsWith("container:")) continue;
    const target = from.split(":", 1)[0] ?? from;
    yield {
      target,
      path: ["services", name, "volumes_from", index],
      verb: "takes volumes from",
      place: "value",
      required: true,
    };
  }
}

function* dependencies(name: string, service: Service): Generator<Reference> {
  for (const [target, dependency] of Object.entries(service.depends_on ?? {})) {
    const path = ["services", name, "depends_on", target];
    yield { target, path, verb: "depends on", place: "key", required: dependency.required };
  }
}

function describe(input: CheckInput, name: string, reference: Reference, disabled: boolean): Finding {
  const { target, verb, path } = reference;
  if (!disabled) {
    const known = [...Object.keys(input.services), ...Object.keys(input.disabledServices)];
    return {
      code: "undefined-service",
      message: `service "${name}" ${verb} service "${target}", which is not defined`,
      path,
      target: reference.place,
      hint: didYouMean(target, known),
    };
  }
  const [profile] = input.disabledServices[target]?.profiles ?? [];
  const activate = profile === undefined ? "" : `activate it with --profile ${profile}`;
  return {
    code: "disabled-service",
    message: `service "${name}" ${verb} service "${target}", which no active profile selects`,
    path,
    target: reference.place,
    hint:
      [activate, verb === "depends on" ? 'set "required: false"' : ""].filter(Boolean).join(", or ") ||
      undefined,
    related: [{ message: "its profiles", path: ["services", target, "profiles"] }],
  };
}
