/** A service as the body of POST /containers/create. */
import { compact } from "../../compact.ts";
import type { ContainerConfig, HostConfig } from "../../docker/types.ts";
import { lazy } from "../../lazy.ts";
import type { ContainerRequest, PeerContainers } from "../model.ts";
import type { ServiceContext } from "./context.ts";
import { mapDevices } from "./devices.ts";
import { mapHealthcheck } from "./health.ts";
import { containerLabels, type ContainerLabelFacts } from "./labels.ts";
import { mapLogging, mapRestart } from "./logging.ts";
import { mapMounts } from "./mounts.ts";
import { mapNetwork } from "./network.ts";
import { mapExposed, mapPublished } from "./ports.ts";
import { mapProcess } from "./process.ts";
import { mapResources } from "./resources.ts";
import { mapSecurity } from "./security.ts";

export interface RequestFacts extends ContainerLabelFacts {
  readonly image: string;
}

export function toContainerRequest(
  context: ServiceContext,
  facts: RequestFacts,
  peers: PeerContainers | undefined,
): ContainerRequest {
  const network = mapNetwork(context, facts.number, peers);
  const config: ContainerConfig = {
    ...mapProcess(context),
    ...mapHealthcheck(context),
    ...mapExposed(context),
    ...network.config,
  };
  const host: HostConfig = {
    ...mapResources(context),
    ...mapSecurity(context, peers),
    ...mapDevices(context),
    ...mapLogging(context),
    ...mapRestart(context),
    ...mapPublished(context),
    ...mapMounts(context, peers),
    ...network.host,
  };
  const labels = lazy(() => containerLabels(context, facts));
  const hasEndpoints = Object.keys(network.endpoints).length > 0;
  return {
    body: {
      ...config,
      Image: facts.image,
      // Not made for a request that is only looked at: the hash among them is costly.
      get Labels() {
        return labels();
      },
      HostConfig: host,
      ...compact({ NetworkingConfig: hasEndpoints ? { EndpointsConfig: network.endpoints } : undefined }),
    },
    connect: network.connect,
  };
}
