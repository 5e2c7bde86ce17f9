/** From a stack to a plan: what should be, what is, and the difference. Reads the engine, changes nothing. */
import { readFile } from "node:fs/promises";
import type { Stack } from "../../schema/model.ts";
import { NO_CONTENTS, readContents } from "../desired/contents.ts";
import { toDesiredState } from "../desired/desired.ts";
import type { DesiredState } from "../desired/model.ts";
import { usesModels, type ModelFacts } from "../desired/models.ts";
import type { CallOptions, ReadOnlyEngine } from "../docker/api.ts";
import type { ObservedState } from "../observe/model.ts";
import { observeDetails } from "../observe/details.ts";
import { observe } from "../observe/observe.ts";
import type { PlanResult } from "../plan/operation.ts";
import type { UpPolicy } from "../plan/policy.ts";
import { planUp } from "../plan/up.ts";

export interface PrepareUpOptions extends CallOptions {
  readonly policy?: UpPolicy;
  /** Replicas by service, over what the stack says. */
  readonly scale?: Readonly<Record<string, number>>;
}

/** What a plan is made from, so that it can be made again with answers to its questions. */
export interface PreparedUp {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly plan: (answers?: Readonly<Record<string, boolean>>) => PlanResult;
}

/** @throws RefusedError when the engine cannot run the stack, EngineResponseError when it does not answer */
export async function prepareUp(
  engine: ReadOnlyEngine,
  stack: Stack,
  options: PrepareUpOptions = {},
): Promise<PreparedUp> {
  // The engine answers while the desired state is made.
  const observing = observeStack(engine, stack, options);
  observing.catch(() => undefined);
  const models = usesModels(stack) ? await modelFacts(stack, options.signal) : undefined;
  const contents = needsContents(stack) ? await readContents(stack, readIfThere) : NO_CONTENTS;
  const scale = options.scale === undefined ? {} : { scale: options.scale };
  const desired = toDesiredState(stack, { engine, contents, models, ...scale });
  const observed = await observeDetails(engine, desired, await observing, { signal: options.signal });
  const policy = options.policy ?? {};
  return {
    desired,
    observed,
    plan: (answers) => planUp(desired, observed, answers === undefined ? policy : { ...policy, answers }),
  };
}

/** The part of the engine that concerns the stack. */
export function observeStack(
  engine: ReadOnlyEngine,
  stack: Stack,
  { signal }: CallOptions = {},
): Promise<ObservedState> {
  return observe(
    engine,
    {
      project: stack.name,
      networkNames: Object.values(stack.networks).map(({ name }) => name),
      volumeNames: Object.values(stack.volumes).map(({ name }) => name),
    },
    { signal },
  );
}

async function modelFacts(stack: Stack, signal: AbortSignal | undefined): Promise<ModelFacts> {
  const { readModelFacts } = await import("../models/model-runner.ts");
  return readModelFacts(stack.environment, signal ?? new AbortController().signal);
}

function needsContents(stack: Stack): boolean {
  return (
    Object.keys(stack.configs).length > 0 ||
    Object.keys(stack.secrets).length > 0 ||
    Object.values(stack.services).some(({ security_opt: options }) => options !== undefined)
  );
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
