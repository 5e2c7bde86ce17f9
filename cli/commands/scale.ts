/** `scale`: sets the number of containers of services, and starts what is new. */
import type { Command } from "commander";
import type { Invocation } from "../command.ts";
import { parseScale } from "../up-flags.ts";
import { run as runUp, type UpFlags } from "./up.ts";

interface ScaleFlags {
  readonly adopt?: boolean;
  readonly deps?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("<service=number...>", "e.g. web=3")
    .option("--adopt", "take over containers of this project that come from another directory")
    .option("--no-deps", "leave out what the services depend on");
}

export function run(invocation: Invocation<ScaleFlags>): Promise<number> {
  const services = Object.keys(parseScale(invocation.args));
  const flags: UpFlags = {
    detach: true,
    scale: invocation.args,
    adopt: invocation.flags.adopt === true,
    ...(invocation.flags.deps === false ? { deps: false } : {}),
  };
  return runUp({ ...invocation, args: services, flags });
}
