/** Log driver and restart policy. */
import type { Service } from "../../../schema/model.ts";
import { compact } from "../../compact.ts";
import type { HostConfig, RestartPolicy } from "../../docker/types.ts";
import type { ServiceContext } from "./context.ts";

export function mapLogging({ service }: ServiceContext): HostConfig {
  const { logging } = service;
  if (logging === undefined) return {};
  return { LogConfig: { Type: logging.driver ?? "", ...compact({ Config: logging.options }) } };
}

export function mapRestart({ service }: Pick<ServiceContext, "service">): HostConfig {
  const policy = restartPolicy(service);
  return policy === undefined ? {} : { RestartPolicy: policy };
}

/** `deploy.restart_policy` wins over `restart`. */
export function restartPolicy(service: Service): RestartPolicy | undefined {
  const deployed = service.deploy?.restart_policy;
  if (deployed !== undefined) {
    const Name = DEPLOY_CONDITIONS[deployed.condition ?? "any"] ?? "always";
    const retries = Name === "on-failure" ? deployed.max_attempts : undefined;
    return { Name, ...compact({ MaximumRetryCount: retries }) };
  }
  if (service.restart === undefined || service.restart === "") return undefined;
  const [name = "no", attempts] = service.restart.split(":");
  return { Name: name, ...(attempts === undefined ? {} : { MaximumRetryCount: Number(attempts) }) };
}

const DEPLOY_CONDITIONS: Readonly<Record<string, string>> = {
  none: "no",
  any: "always",
  always: "always",
  "on-failure": "on-failure",
  "unless-stopped": "unless-stopped",
};

/** Whether the engine leaves a container down that exited with 0. */
export function staysDownAfterSuccess(service: Service): boolean {
  const name = restartPolicy(service)?.Name ?? "no";
  return name === "no" || name === "on-failure";
}
