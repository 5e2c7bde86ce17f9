import type { FakeContainer } from "./records.ts";
import type { World } from "./world.ts";

/** A container's event: its labels are attributes, beside name and image. */
export function emitContainer(
  world: World,
  container: FakeContainer,
  action: string,
  attributes: Readonly<Record<string, string>> = {},
): void {
  world.events.emit("container", action, container.id, {
    ...container.config.Labels,
    image: container.body.Image,
    name: container.name,
    ...attributes,
  });
  world.notify();
}
