/** Containers: listing, life cycle, logs. */
import type { EngineApi, LogOptions, OutputChunk } from "./api.ts";
import { asList, orAbsent } from "./answers.ts";
import { demultiplex, passThrough } from "./demultiplex.ts";
import { encodeFilters, joinPath } from "./query.ts";
import type { Transport } from "./transport.ts";
import type { CommitBody, ContainerStats } from "./types-system.ts";
import type { ContainerInspect, ContainerSummary } from "./types.ts";

type ContainerReads = Pick<
  EngineApi,
  "listContainers" | "inspectContainer" | "topContainer" | "containerLogs" | "containerStats"
>;
type ContainerWrites = Pick<
  EngineApi,
  | "createContainer"
  | "startContainer"
  | "stopContainer"
  | "restartContainer"
  | "killContainer"
  | "pauseContainer"
  | "unpauseContainer"
  | "renameContainer"
  | "updateContainer"
  | "removeContainer"
  | "resizeContainer"
  | "commitContainer"
>;

export function containerCalls(transport: Transport): ContainerReads & ContainerWrites {
  return { ...readCalls(transport), ...writeCalls(transport) };
}

function readCalls(transport: Transport): ContainerReads {
  return {
    async listContainers(options = {}) {
      const query = { all: options.all ?? true, filters: encodeFilters(options.filters) };
      const call = { method: "GET", path: "/containers/json", query, signal: options.signal } as const;
      return asList(await transport.json<ContainerSummary[]>(call), "GET /containers/json");
    },
    inspectContainer: (id, options) =>
      transport.json<ContainerInspect>({
        method: "GET",
        path: joinPath("containers", id, "json"),
        signal: options?.signal,
      }),
    topContainer: (id, options) =>
      transport.json({
        method: "GET",
        path: joinPath("containers", id, "top"),
        query: { ps_args: options?.psArgs },
        signal: options?.signal,
      }),
    containerLogs: (id, options) => readLogs(transport, id, options),
    containerStats: (id, { stream, signal }) =>
      transport.lines<ContainerStats>({
        method: "GET",
        path: joinPath("containers", id, "stats"),
        query: { stream: String(stream) },
        signal,
      }),
  };
}

function readLogs(transport: Transport, id: string, options: LogOptions): AsyncIterable<OutputChunk> {
  const { follow, since, until, timestamps, tail = "all", signal, tty } = options;
  const query = { stdout: true, stderr: true, follow, since, until, timestamps, tail };
  const bytes = transport.bytes({ method: "GET", path: joinPath("containers", id, "logs"), query, signal });
  return tty ? passThrough(bytes) : demultiplex(bytes);
}

function writeCalls(transport: Transport): ContainerWrites {
  const post = (
    id: string,
    action: string,
    signal: AbortSignal | undefined,
    query?: Readonly<Record<string, string | number | undefined>>,
    json?: unknown,
  ): Promise<void> =>
    transport.run({ method: "POST", path: joinPath("containers", id, action), query, json, signal });
  return {
    async createContainer(name, body, options) {
      const { Id, Warnings } = await transport.json<{ Id: string; Warnings?: string[] | null }>({
        method: "POST",
        path: "/containers/create",
        query: { name, platform: options?.platform },
        json: body,
        signal: options?.signal,
      });
      return { id: Id, warnings: Warnings ?? [] };
    },
    startContainer: (id, options) => post(id, "start", options?.signal),
    stopContainer: (id, options) => post(id, "stop", options?.signal, { t: options?.timeoutSeconds }),
    restartContainer: (id, options) => post(id, "restart", options?.signal, { t: options?.timeoutSeconds }),
    killContainer: (id, options) => post(id, "kill", options?.signal, { signal: options?.killSignal }),
    pauseContainer: (id, options) => post(id, "pause", options?.signal),
    unpauseContainer: (id, options) => post(id, "unpause", options?.signal),
    renameContainer: (id, name, options) => post(id, "rename", options?.signal, { name }),
    updateContainer: (id, body, options) => post(id, "update", options?.signal, undefined, body),
    resizeContainer: (id, size, options) =>
      post(id, "resize", options?.signal, { h: size.rows, w: size.columns }),
    commitContainer: (id, body, options) => commit(transport, id, body, options?.signal),
    removeContainer: (id, options = {}) =>
      orAbsent(
        transport.run({
          method: "DELETE",
          path: joinPath("containers", id),
          query: { force: options.force, v: options.volumes },
          signal: options.signal,
        }),
      ),
  };
}

async function commit(
  transport: Transport,
  id: string,
  body: CommitBody,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { repository: repo, tag, author, comment, pause, changes } = body;
  const query = { container: id, repo, tag, author, comment, pause: pause ? 1 : 0, changes };
  const { Id } = await transport.json<{ Id: string }>({
    method: "POST",
    path: "/commit",
    query,
    json: {},
    signal,
  });
  return Id;
}
