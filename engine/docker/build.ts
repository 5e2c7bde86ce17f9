/** Builds, and BuildKit's two side connections. */
import type { EngineApi } from "./api.ts";
import type { Transport } from "./transport.ts";
import type { ProgressMessage } from "./types.ts";

type BuildCalls = Pick<EngineApi, "buildImage" | "cancelBuild" | "openSession" | "openControl">;

export function buildCalls(transport: Transport): BuildCalls {
  return {
    buildImage: (query, context, options) =>
      transport.lines<ProgressMessage>({
        method: "POST",
        path: "/build",
        query,
        headers: {
          ...(context === undefined ? {} : { "Content-Type": "application/x-tar" }),
          ...(options?.registryConfig === undefined ? {} : { "X-Registry-Config": options.registryConfig }),
        },
        body: context,
        signal: options?.signal,
      }),
    cancelBuild: (buildId, options) =>
      transport.run({
        method: "POST",
        path: "/build/cancel",
        query: { id: buildId },
        signal: options?.signal,
      }),
    openSession: (headers, options) =>
      transport.upgrade(
        { method: "POST", path: "/session", headers: copyHeaders(headers), signal: options?.signal },
        "h2c",
      ),
    openControl: (options) =>
      transport.upgrade({ method: "POST", path: "/grpc", signal: options?.signal }, "h2c"),
  };
}

function copyHeaders(
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
}
