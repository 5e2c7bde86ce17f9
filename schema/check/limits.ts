/** Resource limits that are written in two places and must agree. */
import type { Service, StackPath } from "../model.ts";
import { parseBytes } from "../quantity.ts";
import { serviceEntries, type CheckInput, type Finding } from "./report.ts";

interface Pair {
  readonly key: string;
  readonly value: number;
  readonly path: readonly string[];
  readonly other: number;
}

/** With `deploy.resources.limits` (or `reservations`) there, the old attributes must say the same or be left out. */
export function* checkLimits(input: CheckInput): Generator<Finding> {
  for (const [name, service] of serviceEntries(input)) {
    for (const pair of pairs(service)) {
      if (pair.value === 0 || pair.value === pair.other) continue;
      yield conflict(name, pair);
    }
  }
}

function pairs(service: Service): Pair[] {
  const found: Pair[] = [];
  const { limits, reservations } = service.deploy?.resources ?? {};
  if (limits !== undefined) {
    const at = ["deploy", "resources", "limits"];
    found.push({ key: "cpus", value: service.cpus ?? 0, path: [...at, "cpus"], other: limits.cpus ?? 0 });
    found.push({
      key: "mem_limit",
      value: bytes(service.mem_limit),
      path: [...at, "memory"],
      other: bytes(limits.memory),
    });
    found.push({
      key: "pids_limit",
      value: service.pids_limit ?? 0,
      path: [...at, "pids"],
      other: limits.pids ?? 0,
    });
  }
  if (reservations !== undefined) {
    const path = ["deploy", "resources", "reservations", "memory"];
    found.push({
      key: "mem_reservation",
      value: bytes(service.mem_reservation),
      path,
      other: bytes(reservations.memory),
    });
  }
  return found;
}

function bytes(text: string | undefined): number {
  return text === undefined ? 0 : (parseBytes(text) ?? 0);
}

function conflict(name: string, pair: Pair): Finding {
  const other: StackPath = ["services", name, ...pair.path];
  const missing = pair.other === 0;
  return {
    code: "conflicting-values",
    message: missing
      ? `service "${name}" sets "${pair.key}", but "${pair.path.slice(0, -1).join(".")}" is there without "${pair.path.at(-1)}"`
      : `service "${name}" sets "${pair.key}" and "${pair.path.join(".")}" to different values`,
    path: ["services", name, pair.key],
    hint: `keep the limit in "${pair.path.join(".")}" only`,
    related: [
      {
        message: missing ? "the other limits" : "the other value",
        path: missing ? other.slice(0, -1) : other,
      },
    ],
  };
}
