/** Values that pass every schema and that the engine refuses later: said now, as warnings. */
import { isIP } from "node:net";
import type { Network, Service } from "../model.ts";
import { didYouMean } from "../suggest.ts";
import { quote } from "../words.ts";
import { serviceEntries, type CheckInput, type Finding } from "./report.ts";

const RESTART = /^(no|always|unless-stopped|on-failure(:\d+)?)$/;
const RESTART_NAMES = ["no", "always", "on-failure", "unless-stopped"];

export function* checkSettings(input: CheckInput): Generator<Finding> {
  for (const [name, service] of serviceEntries(input)) {
    yield* checkRestart(name, service);
    yield* checkAddresses(name, service);
  }
  for (const [name, network] of Object.entries(input.networks)) yield* checkSubnets(name, network);
}

function* checkRestart(name: string, service: Service): Generator<Finding> {
  const restart = service.restart ?? "";
  if (restart === "" || RESTART.test(restart)) return;
  yield {
    severity: "warning",
    code: "bad-restart",
    message: `service "${name}": restart is ${quote(restart)}; engines know "no", "always", "on-failure[:N]" and "unless-stopped"`,
    path: ["services", name, "restart"],
    hint: didYouMean(restart, RESTART_NAMES),
  };
}

function* checkAddresses(name: string, service: Service): Generator<Finding> {
  for (const [index, server] of (service.dns ?? []).entries()) {
    if (isIP(server) === 0)
      yield badAddress(`service "${name}": DNS server`, server, ["services", name, "dns", index]);
  }
  for (const [network, settings] of Object.entries(service.networks ?? {})) {
    for (const [key, version] of [
      ["ipv4_address", 4],
      ["ipv6_address", 6],
    ] as const) {
      const address = settings?.[key] ?? "";
      if (address === "" || isIP(address) === version) continue;
      yield badAddress(`service "${name}": ${key}`, address, ["services", name, "networks", network, key]);
    }
  }
}

function* checkSubnets(name: string, network: Network): Generator<Finding> {
  for (const [index, pool] of (network.ipam?.config ?? []).entries()) {
    const path = ["networks", name, "ipam", "config", index];
    for (const key of ["subnet", "ip_range"] as const) {
      const range = pool[key] ?? "";
      if (range !== "" && !isRange(range))
        yield badAddress(
          `network "${name}": ${key}`,
          range,
          [...path, key],
          "an address range such as 172.28.0.0/16",
        );
    }
    const gateway = pool.gateway ?? "";
    if (gateway !== "" && isIP(gateway) === 0)
      yield badAddress(`network "${name}": gateway`, gateway, [...path, "gateway"]);
  }
}

function isRange(text: string): boolean {
  const [address = "", bits = "", ...rest] = text.split("/");
  const version = isIP(address);
  return (
    version !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  );
}

function badAddress(
  what: string,
  value: string,
  path: readonly (string | number)[],
  expected = "an IP address",
): Finding {
  return {
    severity: "warning",
    code: "bad-address",
    message: `${what} is ${quote(value)}; expected ${expected}`,
    path,
  };
}
