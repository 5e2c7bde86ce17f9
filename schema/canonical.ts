/**
 * The canonical text of a service and of resources, from which the hash label is computed that other tools of the
 * format write and read: compact JSON of what decides about the container, and nothing that does not.
 */
import type { JsonValue, Network, Service, Volume } from "./model.ts";
import { networkShape, serviceShape, volumeShape } from "./model-shape.ts";
import { printJson, shaped } from "./print-json.ts";

/** Attributes that do not decide about the container itself. */
const LEFT_OUT = new Set(["build", "pull_policy", "scale", "depends_on", "profiles"]);

/**
 * SHA-256 of this, in hexadecimal, is the value of the label `com.docker.compose.config-hash`. Variables and labels
 * of files are in it, and the paths of the files too.
 */
export function canonicalServiceJson(service: Service): string {
  const { deploy, env_file: files, ...rest } = service;
  const { replicas: _, ...decisive } = deploy ?? {};
  const value = {
    ...rest,
    ...(deploy ? { deploy: decisive } : {}),
    ...(files ? { env_file: files.map((file) => (file.required ? file.path : file)) } : {}),
  } as unknown as JsonValue;
  return printJson(shaped(serviceShape, value, { extensions: false, leaveOut: LEFT_OUT }));
}

export function canonicalNetworkJson(network: Network): string {
  return printJson(shaped(networkShape, network as unknown as JsonValue));
}

/** A volume without a driver has the local one. */
export function canonicalVolumeJson(volume: Volume): string {
  return printJson(shaped(volumeShape, { ...volume, driver: volume.driver ?? "local" }));
}
