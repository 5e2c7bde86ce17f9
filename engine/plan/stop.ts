/** Stopping a container: its `pre_stop` hooks one after the other, then the stop itself. */
import type { Hook } from "../../schema/model.ts";
import type { DesiredService } from "../desired/model.ts";
import { readStopHooks } from "../desired/stop-hooks.ts";
import type { ObservedContainer } from "../observe/model.ts";
import type { PlanBuilder } from "./builder.ts";
import type { Cause, ImageCondition, OperationId, ResourceRef } from "./operation.ts";
import { isUp } from "./replicas.ts";

export interface StopRequest {
  readonly container: ObservedContainer;
  readonly resource: ResourceRef;
  readonly cause: Cause;
  /** Of the service; undefined: the stack does not have it, those that the container was made with. */
  readonly hooks: readonly Hook[] | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly onlyIf?: readonly ImageCondition[] | undefined;
  readonly after: readonly OperationId[];
}

/** For a service that the stack may not have. */
export function stopHooksOf(service: DesiredService | undefined): readonly Hook[] | undefined {
  return service === undefined ? undefined : (service.service.pre_stop ?? []);
}

/** Answers the operation after which it is down; undefined when it is down already. */
export function addStop(builder: PlanBuilder, request: StopRequest): OperationId | undefined {
  const { container, resource, cause, timeoutSeconds } = request;
  if (!isUp(container)) return undefined;
  const condition = request.onlyIf === undefined ? {} : { onlyIf: request.onlyIf };
  let after = request.after;
  if (container.state === "running") {
    const hooks = request.hooks ?? readStopHooks(container.labels);
    hooks.forEach((hook, index) => {
      const id = builder.add(
        {
          id: `hook.run:${resource.name}/pre_stop/${index}`,
          kind: "hook.run",
          phase: "pre_stop",
          resource,
          cause,
          service: container.service,
          container: container.id,
          index,
          hook,
          ...condition,
        },
        after,
      );
      after = [...request.after, id];
    });
  }
  return builder.add(
    {
      id: `container.stop:${resource.name}`,
      kind: "container.stop",
      resource,
      cause,
      container: container.id,
      service: container.service,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...condition,
    },
    after,
  );
}

export interface RemoveRequest extends StopRequest {
  /** Its anonymous volumes go as well. */
  readonly volumes: boolean;
}

/** Stops it where needed, then removes it. Answers the removal. */
export function addRemoval(builder: PlanBuilder, request: RemoveRequest): OperationId {
  const { container, resource, cause } = request;
  const stopped = addStop(builder, request);
  return builder.add(
    {
      id: `container.remove:${resource.name}`,
      kind: "container.remove",
      resource,
      cause,
      container: container.id,
      service: container.service,
      force: true,
      volumes: request.volumes,
      ...(request.onlyIf === undefined ? {} : { onlyIf: request.onlyIf }),
    },
    stopped === undefined ? request.after : [stopped],
  );
}
