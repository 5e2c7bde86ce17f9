/** Services that an external program provides: it is asked to bring them up or down. */
import type { DesiredState } from "../desired/model.ts";
import type { PlanBuilder } from "./builder.ts";
import type { ProviderRun } from "./operation.ts";

export function addProviders(
  builder: PlanBuilder,
  { desired }: { readonly desired: DesiredState },
  action: ProviderRun["action"],
): void {
  for (const { name, service, dependencies } of desired.services) {
    if (service.provider === undefined) continue;
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
      Object.keys(dependencies).map((other) => `provider.run:${other}`),
    );
  }
}
