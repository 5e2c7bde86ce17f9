/** One operation of a plan becomes one call of the engine (or one wait). Families with more to do have a file each. */
import type { Operation } from "../plan/operation.ts";
import { copyIntoContainer } from "./container-copy.ts";
import { createContainer } from "./container-create.ts";
import { markContainer } from "./container-mark.ts";
import { runHook } from "./hooks.ts";
import type { ImageIds } from "./image-ids.ts";
import type { OperationContext, OperationResult } from "./operation-context.ts";
import { createNetwork, createVolume } from "./shared-resources.ts";

/** Rejects with a TcomposeError. */
export async function runOperation(
  operation: Operation,
  context: OperationContext,
): Promise<OperationResult> {
  const { engine, effects, signal, progress } = context;
  if (!(await isNeeded(operation, context.images))) return "skipped";
  switch (operation.kind) {
    case "image.pull":
    case "image.build":
    case "image.push":
    case "image.remove":
      await runImageOperation(operation, context);
      break;
    case "network.create":
      await createNetwork(engine, operation, signal);
      break;
    case "network.remove":
      await engine.removeNetwork(operation.network, { signal });
      break;
    case "network.connect":
      await engine.connectNetwork(operation.network, operation.container, operation.endpoint, { signal });
      break;
    case "network.disconnect":
      await engine.disconnectNetwork(operation.network, operation.container, { signal, force: true });
      break;
    case "volume.create":
      await createVolume(engine, operation, signal);
      break;
    case "volume.remove":
      await engine.removeVolume(operation.volume, { signal });
      break;
    case "provider.run":
      context.provided.set(operation.id, await effects.provider(operation, progress, signal));
      break;
    case "model.prepare":
      await effects.model(operation, progress, signal);
      break;
    case "ready.wait":
      await context.readiness.wait(
        operation,
        (container, state) => progress({ type: "state", container, state }),
        signal,
      );
      break;
    case "hook.run":
      return runHook(operation, context);
    default:
      await runContainerOperation(operation, context);
  }
  return "succeeded";
}

/** Whether one of the images that it depends on is another one now than when the plan was made. */
async function isNeeded({ onlyIf }: Operation, images: ImageIds): Promise<boolean> {
  if (onlyIf === undefined) return true;
  for (const { image, differsFrom } of onlyIf) {
    const id = await images.resolve(image);
    if (id === undefined || withoutAlgorithm(id) !== withoutAlgorithm(differsFrom)) return true;
  }
  return false;
}

function withoutAlgorithm(id: string): string {
  return id.replace(/^sha256:/, "");
}

async function runImageOperation(
  operation: Extract<Operation, { readonly kind: `image.${string}` }>,
  { engine, effects, images, signal, progress }: OperationContext,
): Promise<void> {
  switch (operation.kind) {
    case "image.pull":
      await effects.pull(operation, progress, signal);
      if (operation.renewsTag === true) {
        await engine.tagImage(operation.reference, operation.reference, { signal });
      }
      return images.forget();
    case "image.build":
      await effects.build(operation, progress, signal);
      return images.forget();
    case "image.push":
      return effects.push(operation, progress, signal);
    case "image.remove":
      return engine.removeImage(operation.reference, { signal });
    default:
      return operation satisfies never;
  }
}

type ContainerOperation = Extract<Operation, { readonly kind: `container.${string}` }>;

async function runContainerOperation(
  operation: ContainerOperation,
  context: OperationContext,
): Promise<void> {
  const { engine, signal } = context;
  switch (operation.kind) {
    case "container.create":
      return createContainer(operation, context);
    case "container.copy":
      return copyIntoContainer(operation, context);
    case "container.start":
      // Not given up halfway: engines start the container all the same, and whoever stops the rest must see it run.
      return engine.startContainer(operation.container);
    case "container.stop":
      return engine.stopContainer(operation.container, { signal, timeoutSeconds: operation.timeoutSeconds });
    case "container.remove":
      return engine.removeContainer(operation.container, {
        signal,
        force: operation.force,
        volumes: operation.volumes,
      });
    case "container.rename":
      return engine.renameContainer(operation.container, operation.to, { signal });
    case "container.update":
      return engine.updateContainer(operation.container, operation.patch, { signal });
    case "container.signal":
      return engine.killContainer(operation.container, { signal, killSignal: operation.signal });
    case "container.drain":
      return context.clock.sleep(operation.durationMs, signal);
    case "container.mark":
      return markContainer(operation, context);
    case "container.unpause":
      return engine.unpauseContainer(operation.container, { signal });
    default:
      return operation satisfies never;
  }
}
