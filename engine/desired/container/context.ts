/** What the mappers of one service need beside the service itself. */
import type { Service, Stack } from "../../../schema/model.ts";
import type { CapabilityCheck } from "../capability.ts";
import type { Contents } from "../contents.ts";
import type { PeerContainers } from "../model.ts";
import { referencedService } from "../service-reference.ts";

export interface ServiceContext {
  readonly stack: Stack;
  readonly name: string;
  readonly service: Service;
  readonly replicas: number;
  readonly check: CapabilityCheck;
  readonly contents: Contents;
  /** Variables that a container gets where the service does not set them. No part of its specification. */
  readonly proxies: Readonly<Record<string, string>>;
  /** Replicas of each service of the stack. */
  readonly scale: Readonly<Record<string, number>>;
}

/** A service's container name: its own `container_name`, else the numbered one. */
export function nameOf(stack: Stack, service: string, number: number): string {
  const declared = stack.services[service]?.container_name;
  return declared ?? [stack.name, service, number].join(stack.nameSeparator);
}

/** The container that stands for a service in `service:x` references. */
export function peerName(
  context: ServiceContext,
  service: string,
  peers: PeerContainers | undefined,
): string {
  return peers?.get(service) ?? nameOf(context.stack, service, 1);
}

/** `service:x` becomes `container:<name>`; anything else stays. Names are stable where ids are not. */
export function resolveNamespace(
  context: ServiceContext,
  mode: string | undefined,
  peers: PeerContainers | undefined,
): string | undefined {
  const service = referencedService(mode);
  return service === undefined ? mode : `container:${peerName(context, service, peers)}`;
}
