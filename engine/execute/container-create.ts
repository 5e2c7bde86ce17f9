/** Creation of a container. */
import { OperationError } from "../error.ts";
import { label } from "../labels.ts";
import type { ContainerCreate } from "../plan/operation.ts";
import type { OperationContext } from "./run-operation.ts";

/**
 * The image id goes into the label as it is at this moment: it is what a later plan compares with to see that the
 * reference means another image now. The body keeps the reference, which is what people read in listings.
 */
export async function createContainer(operation: ContainerCreate, context: OperationContext): Promise<void> {
  const { body } = operation;
  const imageId = await context.images.resolve(body.Image);
  if (imageId === undefined) {
    throw new OperationError(operation.id, `image ${body.Image} is not on the engine`, {
      hint: "pull it, or give the service a `build` section",
    });
  }
  const { id } = await context.engine.createContainer(
    operation.name,
    { ...body, Labels: { ...body.Labels, [label.image]: imageId } },
    { signal: context.signal, platform: operation.platform },
  );
  context.created.set(operation.name, id);
}
