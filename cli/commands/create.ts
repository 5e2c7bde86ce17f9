/** `create`: containers, networks and volumes without starting anything; `up --no-start` under its older name. */
import type { Command } from "commander";
import type { Invocation } from "../command.ts";
import { addPlanningOptions } from "../up-flags.ts";
import { run as runUp, type UpFlags } from "./up.ts";

export function configure(command: Command): void {
  addPlanningOptions(command);
  command.option("--quiet-pull", "no progress of pulls");
}

export function run(invocation: Invocation<UpFlags>): Promise<number> {
  return runUp({ ...invocation, flags: { ...invocation.flags, start: false } });
}
