/** Plans about containers that are there already: down, stop, start, restart, rm. With a stack, or from labels alone. */
import type { Stack } from "../../schema/model.ts";
import type { DesiredState } from "../desired/model.ts";
import { toDesiredState } from "../desired/desired.ts";
import { NO_CONTENTS } from "../desired/contents.ts";
import type { CallOptions, ReadOnlyEngine } from "../docker/api.ts";
import { RefusedError } from "../error.ts";
import type { ObservedState } from "../observe/model.ts";
import { observe } from "../observe/observe.ts";
import { observeStack } from "./prepare.ts";

/** A project by name, with its stack where there is one. */
export interface ProjectRef {
  readonly name: string;
  readonly stack: Stack | undefined;
}

export interface PreparedProject {
  /** Absent: only labels tell what belongs to the project. */
  readonly desired: DesiredState | undefined;
  readonly observed: ObservedState;
}

export async function prepareProject(
  engine: ReadOnlyEngine,
  { name, stack }: ProjectRef,
  options: CallOptions = {},
): Promise<PreparedProject> {
  const observing =
    stack === undefined
      ? observe(engine, { project: name, networkNames: [], volumeNames: [] }, options)
      : observeStack(engine, stack, options);
  observing.catch(() => undefined);
  const desired = stack === undefined ? undefined : desiredOrNothing(stack, engine);
  return { desired, observed: await observing };
}

/** What this engine could not start can still be stopped and removed. */
function desiredOrNothing(stack: Stack, engine: ReadOnlyEngine): DesiredState | undefined {
  try {
    return toDesiredState(stack, { engine, contents: NO_CONTENTS });
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}
