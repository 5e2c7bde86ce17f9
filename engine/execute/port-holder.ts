/** A host port that is taken: which port, and who has it. */
import type { EngineApi } from "../docker/api.ts";
import type { ContainerSummary } from "../docker/types.ts";
import { EngineResponseError, OperationError } from "../error.ts";
import { label } from "../labels.ts";
import type { ContainerStart } from "../plan/operation.ts";

const TAKEN = /port is already allocated|address already in use/i;
/** `0.0.0.0:8080`, `:8080`, `:::8080`, `[::]:8080`, before what follows the host part. */
const ADDRESS = /(?:bind for|listen (?:tcp|udp)[46]?|host port for|port)\s+(?:\[[^\]]*\]|[\d.]+|::|):(\d+)/i;

/** The host port in an engine's complaint that it is taken, or undefined for any other complaint. */
export function takenPort(message: string): number | undefined {
  if (!TAKEN.test(message)) return undefined;
  const text = ADDRESS.exec(message)?.[1];
  return text === undefined ? undefined : Number(text);
}

/** For a failed start: an error that names the holder of the port, or undefined when the failure is another one. */
export async function explainTakenPort(
  engine: EngineApi,
  operation: ContainerStart,
  error: unknown,
  signal: AbortSignal,
): Promise<OperationError | undefined> {
  if (!(error instanceof EngineResponseError)) return undefined;
  const port = takenPort(error.engineMessage);
  if (port === undefined) return undefined;
  const holder = (await engine.listContainers({ all: false, signal })).find((container) =>
    holds(container, port, operation.container),
  );
  const base = `port ${port} is already taken`;
  if (holder === undefined) {
    return new OperationError(operation.id, `${base} by a process outside the engine`, {
      cause: error,
      hint: `end the process that listens on port ${port}, or publish another host port for ${operation.service}`,
    });
  }
  const name = nameOf(holder);
  const project = holder.Labels[label.project];
  const owner = project === undefined ? `container ${name}` : `container ${name} of project ${project}`;
  return new OperationError(operation.id, `${base} by ${owner}`, {
    cause: error,
    hint: `stop ${name}, or publish another host port for ${operation.service}`,
  });
}

function holds(container: ContainerSummary, port: number, self: string): boolean {
  if (container.Id === self || nameOf(container) === self) return false;
  return container.Ports.some((published) => published.PublicPort === port);
}

function nameOf(container: ContainerSummary): string {
  return (container.Names[0] ?? container.Id).replace(/^\//, "");
}
