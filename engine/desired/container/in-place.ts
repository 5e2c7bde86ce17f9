/** The part of a container's settings that engines change while it exists: POST /containers/{id}/update. */
import type { Service, StackPath } from "../../../schema/model.ts";
import type { HostConfig } from "../../docker/types.ts";
import { mapRestart } from "./logging.ts";
import { mapResources } from "./resources.ts";

export type UpdatableKey =
  | "RestartPolicy"
  | "NanoCpus"
  | "CpuShares"
  | "CpuQuota"
  | "CpuPeriod"
  | "CpusetCpus"
  | "Memory"
  | "MemoryReservation"
  | "MemorySwap"
  | "PidsLimit"
  | "BlkioWeight";

export type UpdatableValues = Pick<HostConfig, UpdatableKey>;

/** Where each of them stands in a service; of several places the engine gets one value. */
export const updatablePaths: Readonly<Record<UpdatableKey, readonly StackPath[]>> = {
  RestartPolicy: [["restart"], ["deploy", "restart_policy"]],
  NanoCpus: [["cpus"], ["deploy", "resources", "limits", "cpus"]],
  CpuShares: [["cpu_shares"]],
  CpuQuota: [["cpu_quota"]],
  CpuPeriod: [["cpu_period"]],
  CpusetCpus: [["cpuset"]],
  Memory: [["mem_limit"], ["deploy", "resources", "limits", "memory"]],
  MemoryReservation: [["mem_reservation"], ["deploy", "resources", "reservations", "memory"]],
  MemorySwap: [["memswap_limit"]],
  PidsLimit: [["pids_limit"], ["deploy", "resources", "limits", "pids"]],
  BlkioWeight: [["blkio_config", "weight"]],
};

export const updatableKeys = Object.keys(updatablePaths) as readonly UpdatableKey[];

/** Values that a service declares; keys that it says nothing about are absent. Also takes a stored specification. */
export function updatableValues(service: Service): UpdatableValues {
  return pickUpdatable({ ...mapResources({ service }), ...mapRestart({ service }) });
}

export function pickUpdatable(host: HostConfig): UpdatableValues {
  return Object.fromEntries(
    updatableKeys.flatMap((key) => (host[key] === undefined ? [] : [[key, host[key]]])),
  );
}
