/**
 * Services that an external program provides. It is called `<program> compose --project-name=P up|down|stop
 * --option=value... SERVICE` and answers lines of JSON: `{"type": "info|error|debug|setenv|rawsetenv", "message"}`.
 * `setenv K=V` gives the services that depend on it `<SERVICE>_K=V`, `rawsetenv K=V` gives them `K=V`.
 */
import { OperationError } from "../error.ts";
import type { Progress } from "../event.ts";
import type { ProviderRun } from "../plan/operation.ts";
import { findProvider, type Variables } from "./find-provider.ts";
import { runProgram } from "./run-program.ts";

export interface ProviderContext {
  readonly project: string;
  /** What the program gets as its environment; PATH and HOME say where it is looked for. */
  readonly env: Variables;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

interface Parameter {
  readonly name: string;
  readonly required?: boolean;
}
interface ActionMetadata {
  readonly parameters?: readonly Parameter[];
}
type Metadata = Readonly<Partial<Record<ProviderRun["action"], ActionMetadata | null>>>;

const TAIL = 10;

/** Answers the variables for dependants. Rejects with OperationError when the program fails, RefusedError when it is missing. */
export async function runProvider(
  operation: ProviderRun,
  context: ProviderContext,
): Promise<Readonly<Record<string, string>>> {
  const { action, provider, service } = operation;
  const path = await findProvider(provider, context.env);
  const metadata = await readMetadata(path, context);
  // Only those that say so can be stopped without being taken down.
  if (action === "stop" && !metadata?.stop) return {};
  const options = selectOptions(operation, metadata);
  const args = ["compose", `--project-name=${context.project}`, action, ...options, service];
  const given: Record<string, string> = {};
  const tail: string[] = [];
  const onLine = (stream: "stdout" | "stderr", line: string): void => {
    const message = stream === "stdout" ? parseLine(line) : { type: "info", message: line };
    const variable = toVariable(service, message);
    if (variable !== undefined) given[variable[0]] = variable[1];
    else if (message.type !== "debug") {
      tail.push(message.message);
      if (tail.length > TAIL) tail.shift();
      const shown = message.type === "error" ? "stderr" : stream;
      context.progress({ type: "output", step: provider, stream: shown, line: message.message });
    }
  };
  const { env, signal } = context;
  const exitCode = await runProgram(path, args, { env, signal, onLine });
  if (exitCode === 0) return given;
  throw new OperationError(
    operation.id,
    `provider ${provider} of ${service}: ${action} failed (${exitCode})`,
    {
      details: tail,
    },
  );
}

/** A program without metadata takes every option. */
async function readMetadata(path: string, { env, signal }: ProviderContext): Promise<Metadata | undefined> {
  const lines: string[] = [];
  const onLine = (stream: "stdout" | "stderr", line: string): void => {
    if (stream === "stdout") lines.push(line);
  };
  const exitCode = await runProgram(path, ["compose", "metadata"], { env, signal, onLine });
  if (exitCode !== 0) return undefined;
  try {
    const value: unknown = JSON.parse(lines.join("\n"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function selectOptions(
  { options, id, service, provider, action }: ProviderRun,
  metadata: Metadata | undefined,
): string[] {
  const known = metadata?.[action]?.parameters ?? [];
  const missing = known.filter(({ name, required }) => required === true && options[name] === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    throw new OperationError(id, `provider ${provider} of ${service} needs the option ${names}`, {
      hint: `set it under services.${service}.provider.options`,
    });
  }
  const takes = (name: string): boolean => metadata === undefined || known.some((each) => each.name === name);
  return Object.entries(options).flatMap(([name, values]) =>
    takes(name) ? values.map((value) => `--${name}=${value}`) : [],
  );
}

interface Message {
  readonly type: string;
  readonly message: string;
}

/** What is no message of the protocol is shown as it is. */
function parseLine(line: string): Message {
  try {
    const value = JSON.parse(line) as Partial<Message> | null;
    if (typeof value?.type === "string") return { type: value.type, message: value.message ?? "" };
  } catch {
    // Plain text.
  }
  return { type: "info", message: line };
}

function toVariable(service: string, { type, message }: Message): [string, string] | undefined {
  if (type !== "setenv" && type !== "rawsetenv") return undefined;
  const at = message.indexOf("=");
  const [name, value] = at < 0 ? [message, ""] : [message.slice(0, at), message.slice(at + 1)];
  return [type === "rawsetenv" ? name : `${service.toUpperCase().replaceAll("-", "_")}_${name}`, value];
}
