/** Devices, GPUs and other device requests. */
import type { DeviceRequest } from "../../../schema/model.ts";
import { compact } from "../../compact.ts";
import type { HostConfig } from "../../docker/types.ts";
import type { ServiceContext } from "./context.ts";

const CDI_NAME = /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9_.-]+=[a-zA-Z0-9_.:-]+$/;
const EVERY_DEVICE = -1;

type Requests = NonNullable<HostConfig["DeviceRequests"]>;

export function mapDevices(context: ServiceContext): HostConfig {
  const { service, check, name } = context;
  const devices = service.devices ?? [];
  const isCdi = (device: (typeof devices)[number]): boolean =>
    CDI_NAME.test(device.source) && (device.target ?? device.source) === device.source;
  const named = devices.filter(isCdi);
  if (named.length > 0) check.takes("cdi-devices", name, "devices (CDI names)");
  const reserved = service.deploy?.resources?.reservations?.devices ?? [];
  if ((service.gpus ?? []).length > 0) check.takes("device-requests", name, "gpus");
  if (reserved.length > 0) check.takes("device-requests", name, "deploy.resources.reservations.devices");
  const requests: Requests = [
    ...(named.length === 0 ? [] : [{ Driver: "cdi", DeviceIDs: named.map((device) => device.source) }]),
    ...(service.gpus ?? []).map((request) => toRequest(request, ["gpu"])),
    ...reserved.map((request) => toRequest(request, [])),
  ];
  const plain = devices.filter((device) => !isCdi(device));
  return compact({
    Devices:
      plain.length === 0
        ? undefined
        : plain.map((device) => ({
            PathOnHost: device.source,
            PathInContainer: device.target ?? device.source,
            CgroupPermissions: device.permissions ?? "rwm",
          })),
    DeviceCgroupRules: service.device_cgroup_rules,
    DeviceRequests: requests.length === 0 ? undefined : requests,
  });
}

function toRequest(request: DeviceRequest, always: readonly string[]): Requests[number] {
  const capabilities = [...new Set([...(request.capabilities ?? []), ...always])];
  const hasIds = (request.device_ids ?? []).length > 0;
  return compact({
    Driver: request.driver,
    // Neither a count nor ids: all of them.
    Count: request.count ?? (hasIds ? undefined : EVERY_DEVICE),
    DeviceIDs: request.device_ids,
    Capabilities: capabilities.length === 0 ? undefined : [capabilities],
    Options: request.options,
  });
}
