/** The peer's `com.docker.compose.config-hash`, which other Compose tools compare. */
import { canonicalNetworkJson, canonicalServiceJson, canonicalVolumeJson } from "../../schema/canonical.ts";
import type { Network, Service, Volume } from "../../schema/model.ts";
import { sha256 } from "../hash.ts";

export function serviceHash(service: Service): string {
  return sha256(canonicalServiceJson(service));
}

export function networkHash(network: Network): string {
  return sha256(canonicalNetworkJson(network));
}

export function volumeHash(volume: Volume): string {
  return sha256(canonicalVolumeJson(volume));
}
