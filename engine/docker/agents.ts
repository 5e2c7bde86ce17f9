/**
 * Connections to an endpoint as agents of node:http. Two pools: short calls reuse connections; streams that stay
 * open (events, followed logs) and upgrades take a connection of their own, so that they never starve the calls.
 */
import { Agent } from "node:http";
import type { AgentOptions, ClientRequestArgs } from "node:http";
import type { Endpoint } from "./endpoint.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Connections {
  readonly calls: Agent;
  readonly streams: Agent;
  /** Part of each request's options: socket path, or host and port. */
  readonly target: RequestTarget;
}

/** `servername`: where it is given, the agent does not work it out from the host, which costs 8 ms the first time. */
export type RequestTarget = ClientRequestArgs & { readonly servername?: string };

/** An ssh server admits few unauthenticated connections at once (MaxStartups, 10 as shipped). */
const SSH_CONNECTIONS = 4;

/** Loads TLS and ssh support only where the endpoint needs it: start-up time counts. */
export async function openConnections(endpoint: Endpoint, env: Environment): Promise<Connections> {
  const pooled: AgentOptions = { keepAlive: true, scheduling: "lifo" };
  switch (endpoint.type) {
    case "socket":
      return {
        calls: new Agent(pooled),
        streams: new Agent(),
        target: { socketPath: endpoint.path, headers: { host: "docker" }, servername: "" },
      };
    case "tcp": {
      const target: ClientRequestArgs = { host: endpoint.host, port: endpoint.port };
      if (endpoint.tls === undefined) return { calls: new Agent(pooled), streams: new Agent(), target };
      const { Agent: TlsAgent } = await import("node:https");
      const { verify, ca, cert, key } = endpoint.tls;
      const secure = { rejectUnauthorized: verify, ca, cert, key };
      return {
        calls: new TlsAgent({ ...pooled, ...secure }),
        streams: new TlsAgent(secure),
        target: { ...target, protocol: "https:" },
      };
    }
    case "ssh": {
      const { SshAgent } = await import("./ssh.ts");
      return {
        calls: new SshAgent(endpoint, env, { ...pooled, maxSockets: SSH_CONNECTIONS }),
        streams: new SshAgent(endpoint, env, {}),
        target: { host: endpoint.host, headers: { host: "docker" } },
      };
    }
    default:
      return endpoint satisfies never;
  }
}
