import { expect, it } from "vitest";
import { statsRow } from "../../../cli/render/stats-row.ts";
import type { ObservedContainer } from "../../../engine/observe/model.ts";

const container = { id: "0123456789abcdef", name: "app-web-1" } as ObservedContainer;

it("computes shares as docker stats does", () => {
  const row = statsRow(
    container,
    {
      read: "",
      cpu_stats: { cpu_usage: { total_usage: 300 }, system_cpu_usage: 2_000, online_cpus: 2 },
      precpu_stats: { cpu_usage: { total_usage: 200 }, system_cpu_usage: 1_000 },
      memory_stats: { usage: 3 * 1024 * 1024, limit: 1024 ** 3, stats: { inactive_file: 1024 * 1024 } },
      networks: { eth0: { rx_bytes: 1_530, tx_bytes: 0 } },
      blkio_stats: { io_service_bytes_recursive: [{ op: "Read", value: 2_000_000 }] },
      pids_stats: { current: 2 },
    },
    false,
  );
  expect(row).toEqual({
    BlockIO: "2MB / 0B",
    CPUPerc: "20.00%",
    Container: "0123456789ab",
    ID: "0123456789ab",
    MemPerc: "0.20%",
    MemUsage: "2MiB / 1GiB",
    Name: "app-web-1",
    NetIO: "1.53kB / 0B",
    PIDs: "2",
  });
});

it("shows dashes where there is no measurement", () => {
  expect(statsRow(container, undefined, true)).toMatchObject({
    ID: "0123456789abcdef",
    CPUPerc: "--",
    MemUsage: "-- / --",
  });
});
