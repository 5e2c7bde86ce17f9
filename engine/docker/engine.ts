/** The Engine API over HTTP. Each resource's calls are in a file of their own. */
import type { EngineApi } from "./api.ts";
import { archiveCalls } from "./archive.ts";
import { buildCalls } from "./build.ts";
import { containerCalls } from "./containers.ts";
import { execCalls } from "./exec.ts";
import { imageCalls } from "./images.ts";
import { networkCalls } from "./networks.ts";
import { systemCalls } from "./system.ts";
import type { Transport } from "./transport.ts";
import { volumeCalls } from "./volumes.ts";

export interface EngineIdentity {
  readonly apiVersion: string;
  readonly flavour: "docker" | "podman";
  readonly release?: string | undefined;
  readonly proxies?: Readonly<Record<string, string>> | undefined;
}

export function createEngine(transport: Transport, identity: EngineIdentity): EngineApi {
  return {
    endpoint: transport.endpoint.url,
    ...identity,
    ...systemCalls(transport, identity.flavour),
    ...containerCalls(transport),
    ...archiveCalls(transport),
    ...execCalls(transport),
    ...networkCalls(transport),
    ...volumeCalls(transport),
    ...imageCalls(transport),
    ...buildCalls(transport),
    close: () => transport.close(),
  };
}
