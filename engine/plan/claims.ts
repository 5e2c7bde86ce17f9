/** What two containers cannot have at once: a container that takes a port or an address starts when its holder is gone. */
import type { Port } from "../../schema/model.ts";
import type { DesiredService } from "../desired/model.ts";
import { groupBy } from "../group.ts";
import type { ObservedContainer } from "../observe/model.ts";
import type { PlanBuilder } from "./builder.ts";
import type { PlanFacts, ServicePlan } from "./service-plan.ts";

/** Host addresses that stand for all of them. */
const EVERYWHERE: ReadonlySet<string> = new Set(["", "0.0.0.0", "::"]);

/** Replicas of one service are ordered by how they are replaced. */
export function orderClaims(
  builder: PlanBuilder,
  { observed, desired }: PlanFacts,
  plans: ReadonlyMap<string, ServicePlan>,
): void {
  const holders = groupBy(observed.containers, ({ service }) => service);
  for (const { service, slots } of plans.values()) {
    const addresses = addressesOf(service, desired.networks);
    if (addresses.length === 0 && (service.service.ports ?? []).length === 0) continue;
    for (const [other, containers] of holders) {
      if (other === service.name) continue;
      for (const holder of containers) {
        if (!holdsPort(holder, service) && !addresses.some((wanted) => holdsAddress(holder, wanted)))
          continue;
        const stop = `container.stop:${finalName(plans.get(other), holder)}`;
        for (const { name } of slots) orderIfPossible(builder, `container.start:${name}`, stop);
      }
    }
  }
}

/** Where the stop itself waits for that start, the engine has to refuse it. */
function orderIfPossible(builder: PlanBuilder, start: string, stop: string): void {
  if (builder.has(start) && builder.has(stop) && !builder.waitsFor(stop, start)) builder.order(start, stop);
}

/** Operations are named by what a container is called in the end. */
function finalName(plan: ServicePlan | undefined, { id, name }: ObservedContainer): string {
  return plan?.slots.find(({ container }) => container?.id === id)?.name ?? name;
}

interface Address {
  readonly network: string;
  readonly address: string;
}

function addressesOf(
  { service }: DesiredService,
  networks: PlanFacts["desired"]["networks"],
): readonly Address[] {
  return Object.entries(service.networks ?? {}).flatMap(([key, settings]) => {
    const network = networks.find((one) => one.key === key)?.name ?? key;
    const { ipv4_address: v4, ipv6_address: v6 } = settings ?? {};
    return [v4, v6].flatMap((address) => (address === undefined ? [] : [{ network, address }]));
  });
}

function holdsAddress({ networks }: ObservedContainer, { network, address }: Address): boolean {
  const endpoint = networks[network];
  return endpoint?.IPAddress === address || endpoint?.GlobalIPv6Address === address;
}

function holdsPort({ ports }: ObservedContainer, { service }: DesiredService): boolean {
  return (service.ports ?? []).some((wanted) =>
    ports.some(
      (held) =>
        held.public !== undefined &&
        held.type === (wanted.protocol ?? "tcp") &&
        covers(wanted, held.public) &&
        meets(wanted.host_ip ?? "", held.ip ?? ""),
    ),
  );
}

function covers({ published }: Port, port: number): boolean {
  const [first, last = first] = (published ?? "").split("-").map(Number);
  return (
    published !== undefined && first !== undefined && last !== undefined && first <= port && port <= last
  );
}

function meets(one: string, other: string): boolean {
  return one === other || EVERYWHERE.has(one) || EVERYWHERE.has(other);
}
