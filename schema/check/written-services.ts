/** Rules on services as they are written. */
import { isIP } from "node:net";
import type { StackPath } from "../model.ts";
import { quote } from "../words.ts";
import type { Finding } from "./report.ts";
import { list, type Mapping, mapping } from "./written-shape.ts";

export function* checkWrittenServices(services: Mapping): Generator<Finding> {
  for (const [name, value] of Object.entries(services)) {
    const service = mapping(value);
    const path = ["services", name];
    yield* checkMounts(service["volumes"], [...path, "volumes"]);
    yield* checkPorts(service["ports"], [...path, "ports"]);
    yield* checkWatch(mapping(service["develop"])["watch"], [...path, "develop", "watch"]);
    yield* checkDevices(service["gpus"], [...path, "gpus"]);
    const reservations = mapping(mapping(mapping(service["deploy"])["resources"])["reservations"]);
    yield* checkDevices(reservations["devices"], [...path, "deploy", "resources", "reservations", "devices"]);
  }
}

function* checkMounts(value: unknown, path: StackPath): Generator<Finding> {
  for (const [index, item] of list(value).entries()) {
    const mount = mapping(item);
    const { type, source, target } = mount as {
      readonly type?: unknown;
      readonly source?: unknown;
      readonly target?: unknown;
    };
    if (typeof type !== "string") continue;
    if (target === undefined || target === null) yield missing("a mount", "target", [...path, index]);
    // The format lets an empty target pass; no engine does.
    if (target === "")
      yield { ...missing("a mount", "target", [...path, index, "target"]), severity: "warning" };
    if (type === "bind") yield* checkBindSource(source, [...path, index]);
  }
}

function* checkBindSource(source: unknown, path: StackPath): Generator<Finding> {
  if (source === undefined || source === null) yield missing("a bind mount", "source", path);
  if (source !== "") return;
  yield {
    severity: "warning",
    code: "empty-source",
    message: "the source of a bind mount is empty: the whole project directory is mounted",
    path: [...path, "source"],
    hint: 'write "." if that is meant',
  };
}

function missing(what: string, key: string, path: StackPath): Finding {
  return { code: "missing-key", message: `${what} needs a "${key}"`, path };
}

function* checkPorts(value: unknown, path: StackPath): Generator<Finding> {
  for (const [index, item] of list(value).entries()) {
    const address = mapping(item)["host_ip"];
    if (typeof address !== "string" || address === "" || isIP(address) !== 0) continue;
    yield {
      code: "bad-format",
      message: `host_ip: expected an IP address, found ${quote(address)}`,
      path: [...path, index, "host_ip"],
    };
  }
}

function* checkWatch(value: unknown, path: StackPath): Generator<Finding> {
  for (const [index, item] of list(value).entries()) {
    if (mapping(item)["path"] !== "") continue;
    yield {
      code: "bad-format",
      message: "the path of a watch rule is empty",
      path: [...path, index, "path"],
    };
  }
}

function* checkDevices(value: unknown, path: StackPath): Generator<Finding> {
  for (const [index, item] of list(value).entries()) {
    const { count, device_ids: ids } = mapping(item) as {
      readonly count?: unknown;
      readonly device_ids?: unknown;
    };
    if (count !== undefined && ids !== undefined) {
      yield {
        code: "exclusive-keys",
        message: 'a device request sets both "count" and "device_ids"',
        path: [...path, index, "count"],
        target: "key",
        hint: "keep one of them",
        related: [{ message: "the other one", path: [...path, index, "device_ids"], target: "key" }],
      };
    }
  }
}
