/** Models are there and configured before containers of services that use them start. */
import type { PlanBuilder } from "./builder.ts";
import type { PlanFacts } from "./service-plan.ts";

/** Nothing for models that are there and whose users go on running. */
export function addModels(builder: PlanBuilder, { desired }: PlanFacts): void {
  for (const { model, contextSize, runtimeFlags, isPresent, services } of desired.models) {
    const starts = builder
      .ids("container.start")
      .filter((id) => services.includes(builder.get(id)?.resource.service ?? ""));
    if (starts.length === 0 && isPresent) continue;
    const resource = { type: "model", name: model } as const;
    const cause = isPresent ? ({ type: "requested" } as const) : ({ type: "missing" } as const);
    builder.change(resource, isPresent ? "run" : "pull", cause);
    const id = builder.add({
      id: `model.prepare:${model}`,
      kind: "model.prepare",
      resource,
      cause,
      model,
      pull: !isPresent,
      runtimeFlags,
      ...(contextSize === undefined ? {} : { contextSize }),
    });
    for (const start of starts) builder.order(start, id);
  }
}
