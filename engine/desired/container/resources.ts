/** Processor, memory, block device and process limits. `deploy.resources` wins over the service's own attributes. */
import type { BlkioConfig, ThrottleDevice, Ulimit } from "../../../schema/model.ts";
import { parseBytes } from "../../../schema/quantity.ts";
import { compact } from "../../compact.ts";
import type { HostConfig } from "../../docker/types.ts";
import type { ServiceContext } from "./context.ts";

const NANO = 1e9;

export function mapResources({ service }: Pick<ServiceContext, "service">): HostConfig {
  const limits = service.deploy?.resources?.limits;
  const reservations = service.deploy?.resources?.reservations;
  const cpus = limits?.cpus ?? service.cpus;
  return compact({
    CpuCount: service.cpu_count,
    CpuPercent: service.cpu_percent === undefined ? undefined : Math.round(service.cpu_percent * 100),
    CpuPeriod: service.cpu_period,
    CpuQuota: service.cpu_quota,
    CpuRealtimePeriod: service.cpu_rt_period,
    CpuRealtimeRuntime: service.cpu_rt_runtime,
    CpuShares: service.cpu_shares,
    CpusetCpus: service.cpuset,
    NanoCpus: cpus === undefined ? undefined : Math.round(cpus * NANO),
    Memory: bytes(limits?.memory ?? service.mem_limit),
    MemoryReservation: bytes(reservations?.memory ?? service.mem_reservation),
    MemorySwap: bytes(service.memswap_limit),
    // Zero means "not set" in the format.
    MemorySwappiness: orUndefined(service.mem_swappiness),
    OomKillDisable: service.oom_kill_disable,
    OomScoreAdj: service.oom_score_adj,
    PidsLimit: orUndefined(limits?.pids ?? service.pids_limit),
    ShmSize: bytes(service.shm_size),
    StorageOpt: service.storage_opt,
    Ulimits: mapUlimits(service.ulimits),
    ...mapBlkio(service.blkio_config),
  });
}

function mapUlimits(ulimits: Readonly<Record<string, Ulimit>> | undefined): HostConfig["Ulimits"] {
  if (ulimits === undefined) return undefined;
  return Object.entries(ulimits).map(([name, limit]) =>
    typeof limit === "number"
      ? { Name: name, Soft: limit, Hard: limit }
      : { Name: name, Soft: limit.soft, Hard: limit.hard },
  );
}

function mapBlkio(blkio: BlkioConfig | undefined): Partial<HostConfig> {
  if (blkio === undefined) return {};
  return compact({
    BlkioWeight: blkio.weight,
    BlkioWeightDevice: blkio.weight_device?.map(({ Path, Weight }) => ({ Path, Weight })),
    BlkioDeviceReadBps: throttles(blkio.device_read_bps),
    BlkioDeviceReadIOps: throttles(blkio.device_read_iops),
    BlkioDeviceWriteBps: throttles(blkio.device_write_bps),
    BlkioDeviceWriteIOps: throttles(blkio.device_write_iops),
  });
}

function throttles(
  devices: readonly ThrottleDevice[] | undefined,
): { Path: string; Rate: number }[] | undefined {
  return devices?.map(({ Path, Rate }) => ({ Path, Rate: parseBytes(Rate) ?? 0 }));
}

function bytes(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseBytes(text);
}

function orUndefined(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}
