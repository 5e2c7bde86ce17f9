/**
 * The client side of one build: a connection over which the builder fetches files, secrets, ssh agents and registry
 * credentials. Source: Engine API `POST /session`.
 */
import { randomBytes } from "node:crypto";
import type { EngineApi } from "../../docker/api.ts";
import { TcomposeError } from "../../error.ts";
import type { RegistryCredentials } from "../../images/auth.ts";
import { fileSyncMethods, type SyncReport, type SyncSource } from "./file-sync.ts";
import { serveGrpc, type GrpcMethods } from "./grpc-server.ts";
import { credentialMethods, healthMethods, secretMethods } from "./services.ts";
import { sshMethods, type AgentConnector } from "./ssh-forward.ts";

export interface SessionOffer {
  /** What the build names the session by. */
  readonly id: string;
  /** Names the context: builds with the same key are sent only what changed since the last one. */
  readonly sharedKey: string;
  readonly directories: ReadonlyMap<string, SyncSource>;
  readonly secrets: ReadonlyMap<string, () => Promise<Buffer>>;
  readonly sshAgents: ReadonlyMap<string, AgentConnector>;
  readonly credentials: RegistryCredentials;
  readonly onSync?: (source: string, report: SyncReport) => void;
}

export interface BuildSession {
  /** The first failure on our side: clearer than what the builder makes of it. */
  failure(): TcomposeError | undefined;
  close(): void;
}

export function newSessionId(): string {
  return randomBytes(16).toString("hex");
}

export async function openBuildSession(
  engine: Pick<EngineApi, "openSession">,
  offer: SessionOffer,
  signal: AbortSignal,
): Promise<BuildSession> {
  const methods: GrpcMethods = new Map([
    ...healthMethods(),
    ...fileSyncMethods(offer.directories, offer.onSync ?? (() => undefined)),
    ...credentialMethods(offer.credentials),
    ...(offer.secrets.size === 0 ? [] : secretMethods(offer.secrets)),
    ...(offer.sshAgents.size === 0 ? [] : sshMethods(offer.sshAgents)),
  ]);
  const connection = await engine.openSession(
    {
      "X-Docker-Expose-Session-Uuid": offer.id,
      "X-Docker-Expose-Session-Name": "tcompose",
      "X-Docker-Expose-Session-Sharedkey": offer.sharedKey,
      "X-Docker-Expose-Session-Grpc-Method": [...methods.keys()],
    },
    { signal },
  );
  connection.on("error", () => undefined);
  let failure: TcomposeError | undefined;
  const server = serveGrpc(connection, methods, (error) => {
    if (error instanceof TcomposeError) failure ??= error;
  });
  return {
    failure: () => failure,
    close: () => {
      server.destroy();
      connection.destroy();
    },
  };
}
