/** Names of top-level networks, volumes, configs, secrets and models that services use. */
import type { FileReference, Service, StackPath } from "../model.ts";
import { type CheckInput, serviceEntries, type Finding, has, undefinedHint } from "./report.ts";

type Section = "networks" | "volumes" | "configs" | "secrets" | "models";

export function* checkReferences(input: CheckInput): Generator<Finding> {
  for (const [name, service] of serviceEntries(input)) {
    yield* checkKeys(input, name, "networks", service.networks);
    yield* checkKeys(input, name, "models", service.models);
    yield* checkVolumes(input, name, service);
    yield* checkFiles(input, name, "configs", service.configs, ["services", name, "configs"]);
    yield* checkFiles(input, name, "secrets", service.secrets, ["services", name, "secrets"]);
    yield* checkFiles(input, name, "secrets", service.build?.secrets, ["services", name, "build", "secrets"]);
  }
}

function* checkKeys(
  input: CheckInput,
  service: string,
  section: "networks" | "models",
  used: object | undefined,
): Generator<Finding> {
  for (const name of Object.keys(used ?? {})) {
    if (has(input[section], name)) continue;
    if (section === "networks" && name === "default") continue;
    yield missing(input, service, section, name, ["services", service, section, name], "key");
  }
}

function* checkVolumes(input: CheckInput, name: string, service: Service): Generator<Finding> {
  for (const [index, mount] of (service.volumes ?? []).entries()) {
    const source = mount.source ?? "";
    if (mount.type !== "volume" || source === "" || has(input.volumes, source)) continue;
    yield missing(input, name, "volumes", source, ["services", name, "volumes", index, "source"], "value");
  }
}

function* checkFiles(
  input: CheckInput,
  service: string,
  section: "configs" | "secrets",
  used: readonly FileReference[] | undefined,
  path: StackPath,
): Generator<Finding> {
  for (const [index, reference] of (used ?? []).entries()) {
    // Of another type, it has been reported as that.
    if (typeof reference.source !== "string" || has(input[section], reference.source)) continue;
    yield missing(input, service, section, reference.source, [...path, index, "source"], "value");
  }
}

function missing(
  input: CheckInput,
  service: string,
  section: Section,
  name: string,
  path: StackPath,
  target: "key" | "value",
): Finding {
  const kind = section.slice(0, -1);
  const bindHint =
    section === "volumes" && /^[\w.-]+\/|\.\w+$/.test(name)
      ? `to mount a file of the project, write "./${name}"`
      : undefined;
  return {
    code: `undefined-${kind}`,
    message: `service "${service}" uses ${kind} "${name}", which is not defined`,
    path,
    target,
    hint: bindHint ?? undefinedHint(name, input[section], section),
  };
}
