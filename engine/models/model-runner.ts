/**
 * AI models that services use: run by the Docker Model Runner, spoken to through its plugin `docker-model`. What is
 * asked here changes nothing; `prepareModel` does.
 */
import { OperationError, RefusedError } from "../error.ts";
import type { Progress } from "../event.ts";
import type { ModelFacts } from "../desired/models.ts";
import type { ModelPrepare } from "../plan/operation.ts";
import { findPlugin, type Variables } from "../providers/find-provider.ts";
import { runProgram } from "../providers/run-program.ts";

const PLUGIN = "model";
const TAIL = 10;

interface Answer {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Rejects with RefusedError when the plugin is missing, or when it says that models cannot be used. */
export async function readModelFacts(env: Variables, signal: AbortSignal): Promise<ModelFacts> {
  const path = await findModelPlugin(env);
  const [status, list] = await Promise.all([
    ask(path, ["status", "--json"], env, signal),
    ask(path, ["ls", "--json"], env, signal),
  ]);
  const endpoint = (parse(status) as { readonly endpoint?: unknown } | undefined)?.endpoint;
  if (typeof endpoint !== "string" || endpoint === "") {
    throw new RefusedError(`the Docker Model Runner does not say where it answers${reasonOf(status)}`, {
      hint: "see `docker model status`",
    });
  }
  const models = parse(list);
  if (!Array.isArray(models)) {
    throw new RefusedError(`the Docker Model Runner does not list its models${reasonOf(list)}`);
  }
  const tags = models.flatMap((model: { readonly tags?: readonly string[] }) => model.tags ?? []);
  return { endpoint, present: new Set(tags) };
}

/** Pulls the model where it is missing, and sets its context size and flags. Rejects with OperationError. */
export async function prepareModel(
  { id, model, pull, contextSize, runtimeFlags }: ModelPrepare,
  context: {
    readonly env: Variables;
    readonly progress: (progress: Progress) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const path = await findModelPlugin(context.env);
  const configure = [
    "configure",
    ...(contextSize === undefined ? [] : ["--context-size", String(contextSize)]),
    model,
    ...(runtimeFlags.length === 0 ? [] : ["--", ...runtimeFlags]),
  ];
  for (const args of pull ? [["pull", model], configure] : [configure]) {
    const tail: string[] = [];
    const exitCode = await runProgram(path, args, {
      env: context.env,
      signal: context.signal,
      onLine: (stream, line) => {
        tail.push(line);
        if (tail.length > TAIL) tail.shift();
        context.progress({ type: "output", step: model, stream, line });
      },
    });
    if (exitCode === 0) continue;
    const message = `docker model ${args[0] ?? ""} ${model} failed (${exitCode})`;
    throw new OperationError(id, message, { details: tail });
  }
}

async function findModelPlugin(env: Variables): Promise<string> {
  const path = await findPlugin(PLUGIN, env);
  if (path !== undefined) return path;
  throw new RefusedError("models need the Docker Model Runner, whose plugin docker-model is not installed", {
    hint: "install Docker Model Runner, or remove `models` from the services",
  });
}

async function ask(
  path: string,
  args: readonly string[],
  env: Variables,
  signal: AbortSignal,
): Promise<Answer> {
  const lines = { stdout: [] as string[], stderr: [] as string[] };
  const exitCode = await runProgram(path, args, {
    env,
    signal,
    onLine: (stream, line) => void lines[stream].push(line),
  });
  return { exitCode, out: lines.stdout.join("\n"), err: lines.stderr.join("\n") };
}

function parse({ exitCode, out }: Answer): unknown {
  if (exitCode !== 0) return undefined;
  try {
    return JSON.parse(out);
  } catch {
    return undefined;
  }
}

function reasonOf({ exitCode, out, err }: Answer): string {
  const said = (err || out).trim().split("\n").at(-1) ?? "";
  return exitCode === 0 ? "" : ` (exit code ${exitCode})${said === "" ? "" : `: ${said}`}`;
}
