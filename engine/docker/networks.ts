/** Networks and the endpoints of containers on them. */
import type { EngineApi } from "./api.ts";
import { asList, orAbsent, orUndefined } from "./answers.ts";
import { encodeFilters, joinPath } from "./query.ts";
import type { Transport } from "./transport.ts";
import type { NetworkResource } from "./types.ts";

type NetworkCalls = Pick<
  EngineApi,
  | "listNetworks"
  | "inspectNetwork"
  | "createNetwork"
  | "removeNetwork"
  | "connectNetwork"
  | "disconnectNetwork"
>;

export function networkCalls(transport: Transport): NetworkCalls {
  return {
    async listNetworks(options = {}) {
      const query = { filters: encodeFilters(options.filters) };
      const call = { method: "GET", path: "/networks", query, signal: options.signal } as const;
      return asList(await transport.json<NetworkResource[]>(call), "GET /networks");
    },
    inspectNetwork: (id, options) =>
      orUndefined(
        transport.json<NetworkResource>({
          method: "GET",
          path: joinPath("networks", id),
          signal: options?.signal,
        }),
      ),
    async createNetwork(body, options) {
      const call = { method: "POST", path: "/networks/create", json: body, signal: options?.signal } as const;
      return (await transport.json<{ Id: string }>(call)).Id;
    },
    removeNetwork: (id, options) =>
      orAbsent(transport.run({ method: "DELETE", path: joinPath("networks", id), signal: options?.signal })),
    connectNetwork: (network, container, endpoint, options) =>
      transport.run({
        method: "POST",
        path: joinPath("networks", network, "connect"),
        json: { Container: container, EndpointConfig: endpoint },
        signal: options?.signal,
      }),
    disconnectNetwork: (network, container, options) =>
      transport.run({
        method: "POST",
        path: joinPath("networks", network, "disconnect"),
        json: { Container: container, Force: options?.force ?? false },
        signal: options?.signal,
      }),
  };
}
