/** Attributes of a service that exclude each other or must agree. */
import type { Service } from "../model.ts";
import { serviceEntries, type CheckInput, type Finding } from "./report.ts";

export function* checkConflicts(input: CheckInput): Generator<Finding> {
  const named = new Map<string, string>();
  for (const [name, service] of serviceEntries(input)) {
    yield* checkNetworkMode(name, service);
    yield* checkScale(name, service);
    yield* checkContainerName(name, service, named);
  }
}

function* checkNetworkMode(name: string, service: Service): Generator<Finding> {
  if ((service.network_mode ?? "") === "" || Object.keys(service.networks ?? {}).length === 0) return;
  yield {
    code: "exclusive-keys",
    message: `service "${name}" sets both "network_mode" and "networks"`,
    path: ["services", name, "network_mode"],
    target: "key",
    hint: "keep one of them",
    related: [{ message: "the other one", path: ["services", name, "networks"], target: "key" }],
  };
}

function* checkScale(name: string, service: Service): Generator<Finding> {
  const { scale } = service;
  const replicas = service.deploy?.replicas;
  for (const [count, path] of [
    [scale, ["services", name, "scale"]],
    [replicas, ["services", name, "deploy", "replicas"]],
  ] as const) {
    if (count !== undefined && count < 0) {
      yield { code: "out-of-range", message: `service "${name}" cannot run ${count} containers`, path };
    }
  }
  if (scale !== undefined && replicas !== undefined && scale !== replicas) {
    yield {
      code: "conflicting-values",
      message: `service "${name}" sets "scale" to ${scale} and "deploy.replicas" to ${replicas}`,
      path: ["services", name, "scale"],
      hint: "keep one of them, or make them equal",
      related: [{ message: "the other number", path: ["services", name, "deploy", "replicas"] }],
    };
  }
}

function* checkContainerName(name: string, service: Service, named: Map<string, string>): Generator<Finding> {
  const containerName = service.container_name ?? "";
  if (containerName === "") return;
  const path = ["services", name, "container_name"];
  const count = service.scale ?? service.deploy?.replicas ?? 1;
  if (count > 1) {
    yield {
      code: "conflicting-values",
      message: `service "${name}" runs ${count} containers, which cannot all be named "${containerName}"`,
      path,
      hint: 'remove "container_name", or run one container',
    };
  }
  const other = named.get(containerName);
  if (other !== undefined) {
    yield {
      code: "duplicate-container-name",
      message: `services "${other}" and "${name}" use the same container name "${containerName}"`,
      path,
      hint: "only one of them can run",
      related: [{ message: "first used here", path: ["services", other, "container_name"] }],
    };
  } else named.set(containerName, name);
}
