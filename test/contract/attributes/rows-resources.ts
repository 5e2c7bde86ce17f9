/** Limits and devices. */
import type { Row } from "./row.ts";

const DEVICE = "/dev/null";
const rates = [{ path: DEVICE, rate: "1mb" }];
const counts = [{ path: DEVICE, rate: 100 }];

export const resourceRows: readonly Row[] = [
  { name: "cpus", service: { cpus: 0.5 }, container: { HostConfig: { NanoCpus: 500_000_000 } } },
  {
    name: "cpu_count",
    service: { cpu_count: 1 },
    container: { HostConfig: { CpuCount: 1 } },
    hostMayLack: /CPU count/i,
  },
  {
    name: "cpu_percent",
    service: { cpu_percent: 10 },
    container: { HostConfig: { CpuPercent: 1000 } },
    hostMayLack: /CPU percent/i,
  },
  { name: "cpu_shares", service: { cpu_shares: 512 }, container: { HostConfig: { CpuShares: 512 } } },
  {
    name: "cpu_period, cpu_quota",
    service: { cpu_period: 100_000, cpu_quota: 50_000 },
    container: { HostConfig: { CpuPeriod: 100_000, CpuQuota: 50_000 } },
  },
  {
    name: "cpu_rt_period",
    service: { cpu_rt_period: 1_000_000 },
    container: { HostConfig: { CpuRealtimePeriod: 1_000_000 } },
    hostMayLack: /real-?time/i,
  },
  {
    name: "cpu_rt_runtime",
    service: { cpu_rt_runtime: 95_000 },
    container: { HostConfig: { CpuRealtimeRuntime: 95_000 } },
    hostMayLack: /real-?time/i,
  },
  { name: "cpuset", service: { cpuset: "0" }, container: { HostConfig: { CpusetCpus: "0" } } },
  { name: "mem_limit", service: { mem_limit: "64m" }, container: { HostConfig: { Memory: 67_108_864 } } },
  {
    name: "mem_reservation",
    service: { mem_reservation: "32m" },
    container: { HostConfig: { MemoryReservation: 33_554_432 } },
  },
  {
    name: "mem_swappiness",
    service: { mem_limit: "64m", mem_swappiness: 10 },
    container: { HostConfig: { MemorySwappiness: 10 } },
    hostMayLack: /swappiness/,
  },
  {
    name: "memswap_limit",
    service: { mem_limit: "64m", memswap_limit: "128m" },
    container: { HostConfig: { MemorySwap: 134_217_728 } },
    hostMayLack: /swap/,
  },
  {
    name: "oom_kill_disable",
    service: { mem_limit: "64m", oom_kill_disable: true },
    container: { HostConfig: { OomKillDisable: true } },
    hostMayLack: /OomKillDisable/,
  },
  { name: "oom_score_adj", service: { oom_score_adj: 100 }, container: { HostConfig: { OomScoreAdj: 100 } } },
  { name: "pids_limit", service: { pids_limit: 20 }, container: { HostConfig: { PidsLimit: 20 } } },
  { name: "shm_size", service: { shm_size: "16m" }, container: { HostConfig: { ShmSize: 16_777_216 } } },
  {
    name: "ulimits",
    service: { ulimits: { nofile: { soft: 100, hard: 200 }, nproc: 50 } },
    container: {
      HostConfig: {
        Ulimits: [
          { Name: "nofile", Soft: 100, Hard: 200 },
          { Name: "nproc", Soft: 50, Hard: 50 },
        ],
      },
    },
  },
  {
    name: "deploy.resources",
    service: {
      deploy: {
        resources: { limits: { cpus: "0.25", memory: "48m", pids: 30 }, reservations: { memory: "16m" } },
      },
    },
    container: {
      HostConfig: { NanoCpus: 250_000_000, Memory: 50_331_648, PidsLimit: 30, MemoryReservation: 16_777_216 },
    },
  },
  {
    name: "deploy reservations for a cluster",
    service: {
      deploy: {
        resources: {
          reservations: {
            cpus: "0.1",
            generic_resources: [{ discrete_resource_spec: { kind: "x", value: 1 } }],
          },
        },
      },
    },
    container: {},
    ignored: ["deploy.resources.reservations.cpus", "deploy.resources.reservations.generic_resources"],
  },
  {
    name: "deploy device reservations",
    service: {
      deploy: {
        resources: {
          reservations: {
            devices: [{ capabilities: ["gpu"], driver: "nvidia", count: 2, options: { a: "b" } }],
          },
        },
      },
    },
    container: {
      HostConfig: {
        DeviceRequests: [{ Driver: "nvidia", Count: 2, Capabilities: [["gpu"]], Options: { a: "b" } }],
      },
    },
    feature: "device-requests",
    attribute: "deploy.resources.reservations.devices",
  },
  {
    name: "deploy device ids",
    service: {
      deploy: {
        resources: { reservations: { devices: [{ capabilities: ["gpu"], device_ids: ["0", "3"] }] } },
      },
    },
    container: { HostConfig: { DeviceRequests: [{ DeviceIDs: ["0", "3"], Capabilities: [["gpu"]] }] } },
    feature: "device-requests",
    attribute: "deploy.resources.reservations.devices",
  },
  {
    name: "gpus",
    service: { gpus: "all" },
    container: { HostConfig: { DeviceRequests: [{ Count: -1, Capabilities: [["gpu"]] }] } },
    feature: "device-requests",
    attribute: "gpus",
  },
  {
    name: "gpus in the long form",
    service: { gpus: [{ driver: "nvidia", count: 1, capabilities: ["utility"], options: { a: "b" } }] },
    container: {
      HostConfig: {
        DeviceRequests: [
          { Driver: "nvidia", Count: 1, Capabilities: [["utility", "gpu"]], Options: { a: "b" } },
        ],
      },
    },
    feature: "device-requests",
    attribute: "gpus",
  },
  {
    name: "gpus by id",
    service: { gpus: [{ device_ids: ["7"] }] },
    container: { HostConfig: { DeviceRequests: [{ DeviceIDs: ["7"] }] } },
    feature: "device-requests",
    attribute: "gpus",
  },
  {
    name: "blkio_config.weight",
    service: { blkio_config: { weight: 300 } },
    container: { HostConfig: { BlkioWeight: 300 } },
    hostMayLack: /blkio/i,
  },
  {
    name: "blkio_config.weight_device",
    service: { blkio_config: { weight_device: [{ path: DEVICE, weight: 200 }] } },
    container: { HostConfig: { BlkioWeightDevice: [{ Path: DEVICE, Weight: 200 }] } },
    hostMayLack: /blkio/i,
  },
  {
    name: "blkio_config.device_read_bps",
    service: { blkio_config: { device_read_bps: rates } },
    container: { HostConfig: { BlkioDeviceReadBps: [{ Path: DEVICE, Rate: 1_048_576 }] } },
    hostMayLack: /blkio|BPS/i,
  },
  {
    name: "blkio_config.device_write_bps",
    service: { blkio_config: { device_write_bps: rates } },
    container: { HostConfig: { BlkioDeviceWriteBps: [{ Path: DEVICE, Rate: 1_048_576 }] } },
    hostMayLack: /blkio|BPS/i,
  },
  {
    name: "blkio_config.device_read_iops",
    service: { blkio_config: { device_read_iops: counts } },
    container: { HostConfig: { BlkioDeviceReadIOps: [{ Path: DEVICE, Rate: 100 }] } },
    hostMayLack: /blkio|IOPS/i,
  },
  {
    name: "blkio_config.device_write_iops",
    service: { blkio_config: { device_write_iops: counts } },
    container: { HostConfig: { BlkioDeviceWriteIOps: [{ Path: DEVICE, Rate: 100 }] } },
    hostMayLack: /blkio|IOPS/i,
  },
  {
    name: "devices",
    service: { devices: ["/dev/null:/dev/other:r"] },
    container: {
      HostConfig: {
        Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/other", CgroupPermissions: "r" }],
      },
    },
  },
  {
    name: "devices in the long form",
    service: { devices: [{ source: "/dev/null", target: "/dev/other", permissions: "rw" }] },
    container: {
      HostConfig: {
        Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/other", CgroupPermissions: "rw" }],
      },
    },
  },
  {
    name: "devices by CDI name",
    service: { devices: ["vendor.com/gpu=all"] },
    container: { HostConfig: { DeviceRequests: [{ Driver: "cdi", DeviceIDs: ["vendor.com/gpu=all"] }] } },
    feature: "cdi-devices",
    attribute: "devices (CDI names)",
  },
  {
    name: "device_cgroup_rules",
    service: { device_cgroup_rules: ["c 1:3 mr"] },
    container: { HostConfig: { DeviceCgroupRules: ["c 1:3 mr"] } },
  },
  {
    name: "storage_opt",
    service: { storage_opt: { size: "10G" } },
    container: { HostConfig: { StorageOpt: { size: "10G" } } },
    hostMayLack: /storage-opt/,
  },
];
