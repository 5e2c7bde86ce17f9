/** Runs a `pre_start` hook in a container of its own. */
import { EngineProtocolError, OperationError, TcomposeError } from "../error.ts";
import { LineSplitter } from "../logs/line-splitter.ts";
import type { HookRun, PreStartContainer } from "../plan/operation.ts";
import type { OperationContext } from "./operation-context.ts";

/** Output lines that go into the error of a hook that failed. */
const TAIL = 10;

/** Ends when the container has ended. It goes when it succeeded, and stays for inspection when it did not. */
export async function runPreStart(
  operation: HookRun,
  { name, body, connect }: PreStartContainer,
  context: OperationContext,
): Promise<void> {
  const { engine, signal } = context;
  const { id } = await engine.createContainer(name, body, { signal });
  for (const { network, endpoint } of connect) await engine.connectNetwork(network, id, endpoint, { signal });
  const stop = new AbortController();
  const exit = watchExit(context, id, AbortSignal.any([signal, stop.signal]));
  exit.code.catch(() => undefined);
  const tail: string[] = [];
  let exitCode: number;
  try {
    await exit.listening;
    await engine.startContainer(id, { signal });
    await passOutput(operation, id, context, tail);
    exitCode = await exit.code;
  } finally {
    stop.abort();
  }
  if (exitCode !== 0) throw failure(operation, name, exitCode, tail);
  await engine.removeContainer(id, { force: true, volumes: true, signal });
}

function failure(
  { id, service, hook }: HookRun,
  name: string,
  exitCode: number,
  details: readonly string[],
): OperationError {
  const command = (hook.command ?? []).join(" ");
  return new OperationError(id, `pre_start hook of ${service} exited with code ${exitCode}: ${command}`, {
    details,
    hint: `its container ${name} stays until the next run`,
  });
}

/** Follows the output to its end. A log driver that cannot be read is said, and is no failure of the hook. */
async function passOutput(
  { phase }: HookRun,
  id: string,
  { engine, signal, progress }: OperationContext,
  tail: string[],
): Promise<void> {
  const tell = (stream: "stdout" | "stderr") => (line: string) => {
    tail.push(line);
    if (tail.length > TAIL) tail.shift();
    progress({ type: "output", step: phase, stream, line });
  };
  const splitters = { stdout: new LineSplitter(tell("stdout")), stderr: new LineSplitter(tell("stderr")) };
  try {
    const chunks = engine.containerLogs(id, { follow: true, tty: false, signal });
    for await (const { stream, data } of chunks) splitters[stream].write(data);
  } catch (error) {
    if (signal.aborted || !(error instanceof TcomposeError)) throw error;
    tell("stderr")(error.message);
  }
  splitters.stdout.end();
  splitters.stderr.end();
}

/** Listens before the start, so that no end is missed. */
function watchExit(
  { engine }: OperationContext,
  id: string,
  signal: AbortSignal,
): { readonly listening: Promise<void>; readonly code: Promise<number> } {
  let opened: () => void = () => undefined;
  const listening = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const wait = async (): Promise<number> => {
    const filters = { type: ["container"], container: [id], event: ["die"] };
    for await (const message of engine.events({ filters, signal, onOpen: opened })) {
      return Number(
        message.Actor.Attributes["exitCode"] ?? message.Actor.Attributes["containerExitCode"] ?? 0,
      );
    }
    throw new EngineProtocolError("the event stream ended before the hook did");
  };
  const code = wait();
  return { listening: Promise.race([listening, code.then(() => undefined)]), code };
}
