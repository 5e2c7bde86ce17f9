/** The classic builder's output is text: `Step 1/3 : FROM ...` (Docker), `STEP 1/3: FROM ...` (Podman). */
import type { ProgressMessage } from "../docker/types.ts";
import type { Progress } from "../event.ts";
import { toProgress } from "../images/transfer.ts";
import type { FailedStep } from "./progress.ts";
import { shortened, visibleLine } from "./visible.ts";

export interface ClassicOutput {
  take(message: ProgressMessage): void;
  /** Settles the step that runs. */
  finish(state: "done" | "failed"): void;
  failed(error: string): FailedStep | undefined;
}

const STEP = /^step (\d+\/\d+) ?: (.*)$/i;
const CACHED = /^(?: ---> Using cache|--> Using cache )/;
const TAIL_LINES = 30;

export function trackClassicOutput(report: (progress: Progress) => void): ClassicOutput {
  let step:
    { readonly id: string; readonly name: string; isCached: boolean; readonly tail: string[] } | undefined;
  let rest = "";
  const settle = (state: "done" | "failed"): void => {
    if (step === undefined) return;
    const settled = state === "done" && step.isCached ? "cached" : state;
    report({ type: "step", step: step.id, name: step.name, state: settled });
  };
  const takeLine = (line: string): void => {
    const begun = STEP.exec(line);
    if (begun !== null) {
      settle("done");
      const [, id = "", instruction = ""] = begun;
      step = { id, name: `[${id}] ${instruction}`, isCached: false, tail: [] };
      report({ type: "step", step: step.id, name: step.name, state: "started" });
      return;
    }
    if (CACHED.test(line)) {
      if (step !== undefined) step.isCached = true;
      return;
    }
    if (line === "" || /^ ?-{2,3}> /.test(line)) return;
    const text = visibleLine(line);
    step?.tail.push(shortened(text));
    if (step !== undefined && step.tail.length > TAIL_LINES) step.tail.shift();
    report({
      type: "output",
      ...(step === undefined ? {} : { step: step.id }),
      stream: "stdout",
      line: text,
    });
  };
  return {
    take: (message) => {
      const transfer = toProgress(message);
      if (transfer !== undefined) report(transfer);
      if (message.stream === undefined) return;
      const lines = (rest + message.stream).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) takeLine(line);
    },
    finish: (state) => {
      if (rest !== "") takeLine(rest);
      rest = "";
      settle(state);
    },
    failed: (error) => (step === undefined ? undefined : { name: step.name, error, tail: step.tail }),
  };
}
