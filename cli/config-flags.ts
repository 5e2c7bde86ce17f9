/** The flags of `config`. */
import type { Invocation } from "./command.ts";
import type { LoadExtras } from "./stack.ts";

export interface ConfigFlags {
  readonly format?: string;
  readonly output?: string;
  readonly quiet?: boolean;
  readonly services?: boolean;
  readonly volumes?: boolean;
  readonly networks?: boolean;
  readonly models?: boolean;
  readonly hash?: string;
  readonly profiles?: boolean;
  readonly images?: boolean;
  readonly variables?: boolean;
  readonly environment?: boolean;
  readonly interpolate: boolean;
  readonly normalize: boolean;
  readonly pathResolution: boolean;
  readonly consistency: boolean;
  readonly envResolution: boolean;
  readonly resolveImageDigests?: boolean;
  readonly lockImageDigests?: boolean;
}

/** The steps of loading that flags switch off. */
export function skipped({ flags, globals }: Invocation<ConfigFlags>): NonNullable<LoadExtras["skip"]> {
  return {
    interpolation: !flags.interpolate,
    normalization: !flags.normalize || globals.compatibility === true,
    pathResolution: !flags.pathResolution,
    consistency: !flags.consistency,
    environmentResolution: !flags.envResolution,
  };
}

const SELECTIONS = [
  "services",
  "volumes",
  "networks",
  "models",
  "hash",
  "profiles",
  "images",
  "variables",
  "environment",
] as const;

export type ConfigSelection = (typeof SELECTIONS)[number];

/** The first one asked for, in the order in which the format's other tools look for them. */
export function wantedSelection(flags: ConfigFlags): ConfigSelection | undefined {
  return SELECTIONS.find((name) =>
    name === "hash" ? flags.hash !== undefined && flags.hash !== "" : flags[name] === true,
  );
}
