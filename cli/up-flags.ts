/** Flags of `up` (and of `create` and `plan`, which share most): how they are declared, checked and turned into a policy. */
import type { Command } from "commander";
import { UsageError } from "../engine/error.ts";
import type { RecreatePolicy, UpPolicy } from "../engine/plan/policy.ts";
import type { Environment } from "./context.ts";
import { collect, parseWhole } from "./options.ts";

export interface PlanningFlags {
  readonly adopt?: boolean;
  readonly alwaysRecreateDeps?: boolean;
  /** Also set by `--no-build`. */
  readonly build?: boolean;
  readonly deps?: boolean;
  readonly forceRecreate?: boolean;
  readonly pull?: string;
  readonly quietBuild?: boolean;
  readonly quietPull?: boolean;
  /** `false` by `--no-recreate`. */
  readonly recreate?: boolean;
  readonly removeOrphans?: boolean;
  readonly rolling?: boolean;
  readonly renewAnonVolumes?: boolean;
  readonly scale?: readonly string[];
  readonly start?: boolean;
  readonly timeout?: number;
  readonly wait?: boolean;
  readonly waitTimeout?: number;
  /** What is watched begins with what is on the host: images are built first. */
  readonly watch?: boolean;
  readonly yes?: boolean;
}

const PULL_POLICIES = ["always", "missing", "never", "if_not_present", "build", "policy"];

/** Flags that decide what the plan is. */
export function addPlanningOptions(command: Command): void {
  command
    .argument("[service...]", "only these services and what they depend on")
    .option("--build", "build images before starting, also where one is present")
    .option("--no-build", "do not build, even where an image is missing")
    .option("--force-recreate", "replace containers that have not changed, too")
    .option("--no-recreate", "leave containers as they are, even where they have changed")
    .option("--always-recreate-deps", "replace containers of dependencies, too")
    .option("--no-deps", "leave out what the named services depend on")
    .option("--pull <when>", `when to pull images (${PULL_POLICIES.slice(0, 3).join(", ")})`, parsePull)
    .option("--remove-orphans", "remove containers of services that the stack does not have")
    .option("--rolling", "replacements run and are ready before what they replace stops")
    .option("--scale <service=number>", "number of containers of a service; repeatable", collect)
    .option("-V, --renew-anon-volumes", "give replaced containers new anonymous volumes")
    .option(
      "-t, --timeout <seconds>",
      "time that a container gets to stop by itself",
      parseWhole("--timeout"),
    )
    .option("--adopt", "take over containers of this project that come from another directory")
    .option("-y, --yes", "answer yes to every question");
}

/** Combinations that contradict each other. */
export function checkPlanningFlags(flags: PlanningFlags, argv: readonly string[]): void {
  const given = (flag: string): boolean => argv.includes(flag);
  const pairs: readonly (readonly [string, string])[] = [
    ["--build", "--no-build"],
    ["--no-recreate", "--force-recreate"],
    ["--no-recreate", "--always-recreate-deps"],
    ["--no-recreate", "--renew-anon-volumes"],
    ["--no-recreate", "-V"],
  ];
  for (const [one, other] of pairs) {
    if (given(one) && given(other)) throw new UsageError(`${one} and ${other} contradict each other`);
  }
  if ((flags.waitTimeout ?? 0) < 0)
    throw new UsageError("--wait-timeout needs a number of seconds, not less than 0");
}

export function policyOf(flags: PlanningFlags, services: readonly string[], env: Environment): UpPolicy {
  const ignoreOrphans = isTrue(env["COMPOSE_IGNORE_ORPHANS"]);
  const removeOrphans = flags.removeOrphans ?? isTrue(env["COMPOSE_REMOVE_ORPHANS"]);
  if (ignoreOrphans && flags.removeOrphans === true) {
    throw new UsageError("--remove-orphans and COMPOSE_IGNORE_ORPHANS contradict each other");
  }
  const build = flags.build ?? (flags.watch === true ? true : undefined);
  return {
    ...(services.length === 0 ? {} : { services }),
    recreate: recreateOf(flags),
    recreateDependencies: dependenciesOf(flags),
    removeOrphans,
    rolling: flags.rolling === true,
    ignoreOrphans,
    ...(build === undefined ? {} : { build: build ? "always" : "never" }),
    ...(flags.pull === undefined || flags.pull === "policy" ? {} : { pull: flags.pull }),
    wait: flags.wait === true,
    ...(flags.waitTimeout === undefined || flags.waitTimeout === 0
      ? {}
      : { waitTimeoutMs: flags.waitTimeout * 1000 }),
    noStart: flags.start === false,
    renewAnonymousVolumes: flags.renewAnonVolumes === true,
    ...(flags.timeout === undefined ? {} : { timeoutSeconds: flags.timeout }),
    adopt: flags.adopt === true,
  };
}

/** `web=3` pairs of `--scale`. */
export function parseScale(pairs: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [service = "", amount = ""] = pair.split("=", 2);
      const replicas = Number(amount);
      if (service === "" || amount.trim() === "" || !Number.isInteger(replicas) || replicas < 0) {
        throw new UsageError(`"${pair}" is no scale`, { hint: "write SERVICE=NUMBER, e.g. web=3" });
      }
      return [service, replicas];
    }),
  );
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && ["1", "true", "yes", "on", "y", "t"].includes(value.toLowerCase());
}

function recreateOf(flags: PlanningFlags): RecreatePolicy {
  if (flags.recreate === false) return "never";
  return flags.forceRecreate === true || flags.renewAnonVolumes === true ? "force" : "diverged";
}

function dependenciesOf(flags: PlanningFlags): RecreatePolicy {
  if (flags.recreate === false) return "never";
  return flags.alwaysRecreateDeps === true ? "force" : "diverged";
}

function parsePull(value: string): string {
  if (PULL_POLICIES.includes(value)) return value === "if_not_present" ? "missing" : value;
  throw new UsageError(`--pull does not know "${value}"`, { hint: `it takes ${PULL_POLICIES.join(", ")}` });
}
