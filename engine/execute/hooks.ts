/** Lifecycle hooks: commands inside a container around its start and stop. */
import { OperationError, isConflict, isNotFound } from "../error.ts";
import { runExec } from "../exec/run-exec.ts";
import type { HookRun } from "../plan/operation.ts";
import { runPreStart } from "./pre-start.ts";
import type { OperationContext, OperationResult } from "./operation-context.ts";
import { LineSplitter } from "../logs/line-splitter.ts";

/** Output lines that go into the error of a hook that failed. */
const TAIL = 10;

/**
 * Runs one hook to its end. A `pre_stop` hook of a container that does not run (any more) is skipped: there is
 * nothing left to prepare for the stop.
 */
export async function runHook(operation: HookRun, context: OperationContext): Promise<OperationResult> {
  const { hook, own } = operation;
  if (own !== undefined) {
    await runPreStart(operation, own, context);
    return "succeeded";
  }
  const cmd = hook.command ?? [];
  if (cmd.length === 0) return "skipped";
  const tail: string[] = [];
  const tell = (stream: "stdout" | "stderr") => (line: string) => {
    tail.push(line);
    if (tail.length > TAIL) tail.shift();
    context.progress({ type: "output", step: operation.phase, stream, line });
  };
  const splitters = { stdout: new LineSplitter(tell("stdout")), stderr: new LineSplitter(tell("stderr")) };
  try {
    const { exitCode } = await runExec(
      context.engine,
      operation.container,
      {
        cmd,
        env: environmentOf(hook.environment),
        user: hook.user,
        workdir: hook.working_dir,
        privileged: hook.privileged === true,
      },
      { signal: context.signal, onOutput: ({ stream, data }) => splitters[stream].write(data) },
    );
    splitters.stdout.end();
    splitters.stderr.end();
    if (exitCode !== 0) throw hookError(operation, exitCode, tail);
    return "succeeded";
  } catch (error) {
    if (operation.phase === "pre_stop" && (isNotFound(error) || isConflict(error))) return "skipped";
    throw error;
  }
}

/** Variables without a value are left to the container's own environment. */
function environmentOf(environment: HookRun["hook"]["environment"]): readonly string[] {
  return Object.entries(environment ?? {}).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${value}`],
  );
}

function hookError(operation: HookRun, exitCode: number, details: readonly string[]): OperationError {
  const { service, phase, container } = operation;
  return new OperationError(
    operation.id,
    `${phase} hook of ${service} exited with code ${exitCode} in ${container}`,
    {
      details,
    },
  );
}
