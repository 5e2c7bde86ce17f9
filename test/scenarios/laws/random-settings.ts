/** Settings of random services that concern nobody else. */
import type { Dice } from "./dice.ts";
import type { Body } from "./model.ts";

/** Values that an engine takes on any host. */
const SETTINGS: Readonly<Record<string, readonly unknown[]>> = {
  cap_add: [["NET_ADMIN"], ["SYS_PTRACE", "NET_ADMIN"]],
  cap_drop: [["MKNOD"], ["ALL"]],
  cpu_shares: [256, 512],
  cpus: [0.5, 1],
  devices: [["/dev/null:/dev/nothing"]],
  environment: [{ VALUE: "1" }, { VALUE: "2" }, ["VALUE=1", "EMPTY="], { PATH_LIKE: "a=b c" }],
  group_add: [["1000"], ["1000", "2000"]],
  init: [true, false],
  labels: [{ of: "one" }, { of: "two", "with.dots": "3" }, ["as=list"]],
  logging: [{ driver: "json-file", options: { "max-size": "1m" } }, { driver: "local" }],
  mem_limit: ["64m", "96m"],
  mem_reservation: ["16m", "32m"],
  oom_score_adj: [100, 200],
  pids_limit: [100, 200],
  security_opt: [["no-new-privileges:true"]],
  shm_size: ["32m", "48m"],
  stdin_open: [true],
  stop_grace_period: ["2s", "3s"],
  stop_signal: ["SIGKILL", "SIGTERM"],
  tty: [true],
  ulimits: [{ nofile: 1024 }, { nofile: { soft: 512, hard: 1024 } }],
  user: ["root", "0:0"],
  working_dir: ["/tmp", "/"],
  "x-tcompose": [
    { on_change: "restart" },
    { update: { order: "start-first" } },
    { readiness: { stable_for: "100ms" } },
    { readiness: { probe: false } },
  ],
};

/** Most services have a few of them. */
export function randomSettings(dice: Dice, at: (name: string) => string): Body {
  const probability = dice.pick(at("many"), 0.05, 0.1, 0.4);
  const found = Object.entries(SETTINGS).flatMap(([name, values]) => {
    if (!dice.chance(at(`has.${name}`), probability)) return [];
    return [[name, values[dice.below(at(name), values.length)]] as const];
  });
  return Object.fromEntries(found);
}
