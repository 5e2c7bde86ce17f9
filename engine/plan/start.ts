/** Starting a container: contents copied in, started, `post_start` hooks one after the other. */
import type { DesiredService } from "../desired/model.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Cause, ImageCondition, OperationId, ResourceRef } from "./operation.ts";

export interface StartRequest {
  readonly service: DesiredService;
  /** Final name. */
  readonly name: string;
  /** Name at its start, where that is another one. */
  readonly startedAs?: string;
  readonly cause: Cause;
  readonly onlyIf?: readonly ImageCondition[] | undefined;
  /** The container is there, complete. */
  readonly after: readonly OperationId[];
}

/** Answers the last operation: after it the container counts as started. */
export function addStart(builder: PlanBuilder, request: StartRequest): OperationId {
  const { service, name, cause } = request;
  const resource: ResourceRef = { type: "container", name, service: service.name };
  const common = { resource, cause, service: service.name, container: request.startedAs ?? name };
  const condition = request.onlyIf === undefined ? {} : { onlyIf: request.onlyIf };
  const copied =
    service.copies.length === 0
      ? []
      : [
          builder.add(
            {
              id: `container.copy:${name}`,
              kind: "container.copy",
              ...common,
              files: service.copies,
              ...condition,
            },
            request.after,
          ),
        ];
  const serial = publishesRange(service) ? { serial: true } : {};
  let last = builder.add(
    { id: `container.start:${name}`, kind: "container.start", ...common, ...serial, ...condition },
    [...request.after, ...copied],
  );
  (service.service.post_start ?? []).forEach((hook, index) => {
    const id = `hook.run:${name}/post_start/${index}`;
    last = builder.add({ id, kind: "hook.run", phase: "post_start", ...common, index, hook, ...condition }, [
      last,
    ]);
  });
  return last;
}

/** Engines allocate host port ranges in two steps. */
function publishesRange({ service }: DesiredService): boolean {
  return (service.ports ?? []).some(({ published }) => published?.includes("-") === true);
}
