/** The words for what happens to a resource. They are the peer's, because scripts look for them. */
import type { OperationKind, ReadyCondition, ResourceRef } from "../../engine/plan/operation.ts";

export interface WordPair {
  readonly during: string;
  readonly after: string;
}

const RESOURCE_TITLE: Readonly<Record<ResourceRef["type"], string>> = {
  image: "Image ",
  network: "Network ",
  volume: "Volume ",
  container: "Container ",
  service: "",
  model: "Model ",
};

/** `Container app-web-1`, `Network app_default`; the bare name for a service. */
export function resourceTitle(resource: ResourceRef): string {
  return RESOURCE_TITLE[resource.type] + resource.name;
}

/**
 * Words for an operation; undefined where it is a detail of something bigger: of making the resource, or of replacing
 * a container (`recreate`).
 */
export function operationWords(
  kind: OperationKind,
  { recreate, made }: { readonly recreate: boolean; readonly made: boolean },
): WordPair | undefined {
  switch (kind) {
    case "network.connect":
      return made ? undefined : { during: "Connecting", after: "Connected" };
    case "image.pull":
      return { during: "Pulling", after: "Pulled" };
    case "image.build":
      return { during: "Building", after: "Built" };
    case "image.push":
      return { during: "Pushing", after: "Pushed" };
    case "network.create":
    case "volume.create":
      return { during: "Creating", after: "Created" };
    case "container.create":
      return recreate ? { during: "Recreate", after: "" } : { during: "Creating", after: "Created" };
    case "container.rename":
      return { during: "", after: recreate ? "Recreated" : "Renamed" };
    case "container.start":
      return { during: "Starting", after: "Started" };
    case "container.stop":
      return recreate ? { during: "Recreate", after: "" } : { during: "Stopping", after: "Stopped" };
    case "container.remove":
      return recreate ? undefined : { during: "Removing", after: "Removed" };
    case "image.remove":
    case "network.remove":
    case "volume.remove":
      return { during: "Removing", after: "Removed" };
    case "container.update":
      return { during: "Updating", after: "Updated" };
    case "container.unpause":
      return { during: "Unpausing", after: "Unpaused" };
    case "container.signal":
      return { during: "Signalling", after: "Signalled" };
    case "container.drain":
      return { during: "Draining", after: "" };
    case "hook.run":
      return { during: "Running hook", after: "" };
    case "model.prepare":
      return { during: "Configuring", after: "Configured" };
    case "provider.run":
      return { during: "Creating", after: "Created" };
    case "container.copy":
    case "container.mark":
    case "network.disconnect":
    case "ready.wait":
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** Words for waiting; a plain start needs none, because starting is reported as such. */
export function waitWords(condition: ReadyCondition | undefined): WordPair | undefined {
  switch (condition) {
    case "healthy":
    case "running_or_healthy":
      return { during: "Waiting", after: "Healthy" };
    case "completed":
      return { during: "Waiting", after: "Exited" };
    case "started":
    case undefined:
      return undefined;
    default:
      return condition satisfies never;
  }
}
