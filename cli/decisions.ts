/** Questions that a plan raises: answered by flags or by a person, never by assuming. */
import { RefusedError } from "../engine/error.ts";
import type { Decision } from "../engine/plan/operation.ts";
import type { CliContext } from "./context.ts";
import { ExitRequest } from "./errors.ts";
import { palette } from "./render/color.ts";
import { renderDecision } from "./render/plan.ts";
import { wantsColor } from "./terminal.ts";

/** A declined question ends the command as an interrupt does. */
const EXIT_DECLINED = 130;

/**
 * An answer for each decision. Without a terminal and without consent, refuses and names the flag.
 * @throws RefusedError
 */
export async function answerDecisions(
  decisions: readonly Decision[],
  context: CliContext,
  consent: boolean,
): Promise<Readonly<Record<string, boolean>>> {
  const answers: Record<string, boolean> = {};
  for (const decision of decisions) {
    // Consent covers questions about this project's own data, not other people's resources.
    if (consent && decision.question === "volume-data-loss") answers[decision.id] = true;
    else answers[decision.id] = await ask(decision, context);
  }
  return answers;
}

async function ask(decision: Decision, context: CliContext): Promise<boolean> {
  const colors = palette(wantsColor(context.stderr, context));
  const text = renderDecision(decision, { colors, width: context.stderr.columns() });
  if (!context.stdin.isTTY || !context.stderr.isTTY) {
    throw new RefusedError(text, { hint: `say ${decision.flag} to go on` });
  }
  context.stderr.write(`${text}\n`);
  const yes = await askYesNo("Go on?", context);
  if (!yes) throw new ExitRequest(EXIT_DECLINED);
  return yes;
}

/** Asks on the terminal; anything but y or yes, and a signal, is no. */
export async function askYesNo(question: string, context: CliContext): Promise<boolean> {
  const { createInterface } = await import("node:readline");
  const { stop } = context.interrupts;
  return new Promise((resolve) => {
    const reader = createInterface({ input: context.stdin });
    const settle = (answer: boolean): void => {
      stop.removeEventListener("abort", onStop);
      reader.close();
      context.stdin.pause();
      resolve(answer);
    };
    const onStop = (): void => settle(false);
    stop.addEventListener("abort", onStop, { once: true });
    context.stderr.write(`${question} [y/N] `);
    reader.once("line", (line) => settle(/^y(es)?$/i.test(line.trim())));
    reader.once("close", () => settle(false));
  });
}
