/** Containers of this project's name that come from another directory are somebody else's, until they are adopted. */
import type { Command } from "commander";
import type { ObservedContainer } from "../engine/observe/model.ts";
import { foreignDecision } from "../engine/plan/orphans.ts";
import type { Stack } from "../schema/model.ts";
import type { Invocation } from "./command.ts";
import { answerDecisions } from "./decisions.ts";

export interface OwnerFlags {
  readonly adopt?: boolean;
}

/** For commands that act on what is there, and leave it to whom it belongs to. */
export function addAdoptOption(command: Command): void {
  command.option("--adopt", "also what comes from another directory under this project's name");
}

/**
 * Asks on a terminal. Without a stack file there is no directory to compare with.
 * @throws RefusedError where nobody can be asked
 */
export async function checkOwner(
  { context, flags }: Invocation<OwnerFlags>,
  stack: Stack | undefined,
  containers: readonly ObservedContainer[],
): Promise<void> {
  if (stack === undefined || flags.adopt === true) return;
  const foreign = foreignDecision(stack, containers);
  if (foreign !== undefined) await answerDecisions([foreign], context, false);
}
