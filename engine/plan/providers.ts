/** Services that an external program provides: it is asked to bring them up or down. */
import type { DesiredState } from "../desired/model.ts";
import type { PlanBuilder } from "./builder.ts";
import type { ProviderRun } from "./operation.ts";

/** `services`: only these; default: all. */
export function addProviders(
  builder: PlanBuilder,
  { desired }: { readonly desired: DesiredState },
  action: ProviderRun["action"],
  services?: readonly string[],
): void {
  const named = services === undefined || services.length === 0 ? undefined : new Set(services);
  for (const { name, service, dependencies } of desired.services) {
    if (service.provider === undefined || named?.has(name) === false) continue;
    const resource = { type: "service", name, service: name } as const;
    builder.change(resource, "run", { type: "requested" });
    builder.add(
      {
        id: `provider.run:${name}`,
        kind: "provider.run",
        resource,
        cause: { type: "requested" },
        service: name,
        action,
        provider: service.provider.type,
        options: service.provider.options ?? {},
      },
      action === "up" ? Object.keys(dependencies).map((other) => `provider.run:${other}`) : [],
    );
  }
  if (action === "up") return;
  for (const { name, service } of desired.services) {
    if (service.provider !== undefined && builder.has(`provider.run:${name}`)) {
      orderAfterDependants(builder, desired, name);
    }
  }
}

/** Whoever uses what is provided is gone before it goes, or has failed to go. */
function orderAfterDependants(builder: PlanBuilder, { services }: DesiredState, provider: string): void {
  const users = new Set(
    services.filter(({ dependencies }) => dependencies[provider] !== undefined).map(({ name }) => name),
  );
  for (const id of builder.ids("container.remove", "container.stop", "provider.run")) {
    const service = builder.get(id)?.resource.service;
    if (service !== undefined && users.has(service)) builder.order(`provider.run:${provider}`, id, "settled");
  }
}
