/**
 * The peer's `com.docker.compose.config-hash`, which other Compose tools compare. Where a service shares a namespace
 * or volumes of another one, the peer hashes the id of that container, which is known only when it exists.
 */
import { canonicalNetworkJson, canonicalServiceJson, canonicalVolumeJson } from "../../schema/canonical.ts";
import type { Network, Service, Volume } from "../../schema/model.ts";
import { compact } from "../compact.ts";
import { sha256 } from "../hash.ts";
import type { HashTemplate } from "./hash-template.ts";
import { referencedService } from "./service-reference.ts";

/**
 * What the peer writes into the label. Unlike its `config --hash`, it has put the variables of env files into
 * `environment` by then and forgotten the files.
 */
export function serviceHash(service: Service): string {
  return sha256(canonicalServiceJson(withoutEnvFiles(service)));
}

function withoutEnvFiles(service: Service): Service {
  const { env_file: _, ...rest } = service;
  return rest;
}

/** Undefined for services that share nothing: their hash is known at once. */
export function serviceHashTemplate(
  service: Service,
  attachedTo: readonly string[],
): HashTemplate | undefined {
  const volumes = service.volumes_from?.map((item) => {
    const [name = "", second = ""] = item.split(":");
    return name === "container" ? second : placeholder(name);
  });
  if (attachedTo.length === 0 && service.volumes_from === undefined) return undefined;
  const shared = compact({
    network_mode: sharedMode(service.network_mode),
    ipc: sharedMode(service.ipc),
    pid: sharedMode(service.pid),
    volumes_from: volumes,
  });
  return { text: canonicalServiceJson({ ...withoutEnvFiles(service), ...shared }), services: attachedTo };
}

/** @param ids container id by service; undefined when one is missing */
export function completeHash(template: HashTemplate, ids: ReadonlyMap<string, string>): string | undefined {
  let { text } = template;
  for (const service of template.services) {
    const id = ids.get(service);
    if (id === undefined) return undefined;
    text = text.replaceAll(placeholder(service), id);
  }
  return sha256(text);
}

function sharedMode(mode: string | undefined): string | undefined {
  const service = referencedService(mode);
  return service === undefined ? mode : `container:${placeholder(service)}`;
}

function placeholder(service: string): string {
  return `@container-of:${service}@`;
}

export function networkHash(network: Network): string {
  return sha256(canonicalNetworkJson(network));
}

export function volumeHash(volume: Volume): string {
  return sha256(canonicalVolumeJson(volume));
}
