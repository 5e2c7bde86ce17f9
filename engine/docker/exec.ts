/** Exec and attach: raw two-way connections to processes. */
import type { EngineApi } from "./api.ts";
import { joinPath } from "./query.ts";
import type { Transport } from "./transport.ts";
import type { ExecInspect } from "./types-system.ts";

type ExecCalls = Pick<
  EngineApi,
  "createExec" | "startExec" | "startExecDetached" | "inspectExec" | "resizeExec" | "attachContainer"
>;

export function execCalls(transport: Transport): ExecCalls {
  return {
    async createExec(id, body, options) {
      const path = joinPath("containers", id, "exec");
      const { signal } = options ?? {};
      const { Id } = await transport.json<{ Id: string }>({ method: "POST", path, json: body, signal });
      return Id;
    },
    startExec: (execId, { tty, signal }) =>
      transport.upgrade(
        {
          method: "POST",
          path: joinPath("exec", execId, "start"),
          json: { Detach: false, Tty: tty },
          signal,
        },
        "tcp",
      ),
    startExecDetached: (execId, options) =>
      transport.run({
        method: "POST",
        path: joinPath("exec", execId, "start"),
        json: { Detach: true },
        signal: options?.signal,
      }),
    inspectExec: (id, options) =>
      transport.json<ExecInspect>({
        method: "GET",
        path: joinPath("exec", id, "json"),
        signal: options?.signal,
      }),
    resizeExec: (execId, size, options) =>
      transport.run({
        method: "POST",
        path: joinPath("exec", execId, "resize"),
        query: { h: size.rows, w: size.columns },
        signal: options?.signal,
      }),
    attachContainer: (id, { stdin, stdout, stderr, logs, detachKeys, signal }) =>
      transport.upgrade(
        {
          method: "POST",
          path: joinPath("containers", id, "attach"),
          query: { stream: true, stdin, stdout, stderr, logs, detachKeys },
          signal,
        },
        "tcp",
      ),
  };
}
