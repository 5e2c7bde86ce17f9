/** Creation of a container. */
import { completeHash } from "../desired/config-hash.ts";
import { OperationError } from "../error.ts";
import { label } from "../labels.ts";
import type { ContainerCreate } from "../plan/operation.ts";
import type { OperationContext } from "./operation-context.ts";

/**
 * The image id goes into the label as it is at this moment: it is what a later plan compares with to see that the
 * reference means another image now. The body keeps the reference, which is what people read in listings.
 * Variables of the providers that the container depends on are added to its environment.
 */
export async function createContainer(operation: ContainerCreate, context: OperationContext): Promise<void> {
  const { body } = operation;
  const imageId = await context.images.resolve(body.Image);
  if (imageId === undefined) {
    throw new OperationError(operation.id, `image ${body.Image} is not on the engine`, {
      hint: "pull it, or give the service a `build` section",
    });
  }
  const given = operation.dependsOn.flatMap(({ on }) => Object.entries(context.provided.get(on) ?? {}));
  const Env = [...(body.Env ?? []), ...given.map(([key, value]) => `${key}=${value}`)];
  const { id } = await context.engine.createContainer(
    operation.name,
    {
      ...body,
      ...(given.length === 0 ? {} : { Env }),
      Labels: { ...body.Labels, ...(await lateHash(operation, context)), [label.image]: imageId },
    },
    { signal: context.signal, platform: operation.platform },
  );
  context.created.set(operation.name, id);
}

/** The peer's hash where it has the ids of other containers in it: they exist by now. */
async function lateHash(
  { lateHash: late }: ContainerCreate,
  { engine, signal }: OperationContext,
): Promise<Record<string, string>> {
  if (late === undefined) return {};
  const ids = await Promise.all(
    Object.entries(late.containers).map(async ([service, container]): Promise<[string, string]> => {
      const { Id } = await engine.inspectContainer(container, { signal });
      return [service, Id];
    }),
  );
  const hash = completeHash(late.template, new Map(ids));
  return hash === undefined ? {} : { [label.configHash]: hash };
}
