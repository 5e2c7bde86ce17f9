/** What a container uses, with the field names that `docker stats --format json` has. Pure. */
import type { ContainerStats, CpuStats } from "../../engine/docker/types-system.ts";
import type { ObservedContainer } from "../../engine/observe/model.ts";
import { formatBinarySize, formatSize } from "./quantity.ts";

/** Keys in alphabetical order: that is how they are printed. */
export interface StatsRow {
  readonly BlockIO: string;
  readonly CPUPerc: string;
  readonly Container: string;
  readonly ID: string;
  readonly MemPerc: string;
  readonly MemUsage: string;
  readonly Name: string;
  readonly NetIO: string;
  readonly PIDs: string;
}

const SHORT_ID = 12;
const NOTHING = "--";

/** `stats` undefined: there is no measurement (yet). */
export function statsRow(
  { id, name }: ObservedContainer,
  stats: ContainerStats | undefined,
  full: boolean,
): StatsRow {
  const ID = full ? id : id.slice(0, SHORT_ID);
  const used = stats === undefined ? undefined : memoryUsed(stats);
  const limit = stats?.memory_stats?.limit ?? 0;
  return {
    BlockIO: stats === undefined ? `${NOTHING} / ${NOTHING}` : blockTraffic(stats),
    CPUPerc: stats === undefined ? NOTHING : percent(cpuShare(stats)),
    Container: ID,
    ID,
    MemPerc: used === undefined ? NOTHING : percent(limit === 0 ? 0 : (used / limit) * 100),
    MemUsage:
      used === undefined
        ? `${NOTHING} / ${NOTHING}`
        : `${formatBinarySize(used)} / ${formatBinarySize(limit)}`,
    Name: name,
    NetIO: stats === undefined ? `${NOTHING} / ${NOTHING}` : networkTraffic(stats),
    PIDs: stats === undefined ? NOTHING : String(stats.pids_stats?.current ?? 0),
  };
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}

/** 100 is one processor. */
function cpuShare({ cpu_stats: now, precpu_stats: before }: ContainerStats): number {
  if (now === undefined || before === undefined) return 0;
  const own = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const all = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  return own > 0 && all > 0 ? (own / all) * processors(now) * 100 : 0;
}

function processors({ online_cpus: online, cpu_usage: usage }: CpuStats): number {
  return online !== undefined && online > 0 ? online : (usage.percpu_usage?.length ?? 1);
}

/** Without the file cache, which the kernel gives back when it is needed. */
function memoryUsed({ memory_stats: memory }: ContainerStats): number {
  const usage = memory?.usage ?? 0;
  const cache = memory?.stats?.["total_inactive_file"] ?? memory?.stats?.["inactive_file"] ?? 0;
  return cache < usage ? usage - cache : usage;
}

function networkTraffic({ networks }: ContainerStats): string {
  const all = Object.values(networks ?? {});
  const received = all.reduce((sum, { rx_bytes: bytes }) => sum + bytes, 0);
  const sent = all.reduce((sum, { tx_bytes: bytes }) => sum + bytes, 0);
  return `${formatSize(received)} / ${formatSize(sent)}`;
}

function blockTraffic({ blkio_stats: block }: ContainerStats): string {
  const entries = block?.io_service_bytes_recursive ?? [];
  const sum = (first: string): number =>
    entries
      .filter(({ op }) => op.toLowerCase().startsWith(first))
      .reduce((total, { value }) => total + value, 0);
  return `${formatSize(sum("r"))} / ${formatSize(sum("w"))}`;
}
