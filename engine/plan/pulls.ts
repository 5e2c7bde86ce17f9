/** Plan of `pull`. It asks for newer images as well, unless a service's own policy or the caller's says otherwise. Pure. */
import type { Service, Stack } from "../../schema/model.ts";
import { servicePlatform } from "../desired/platform.ts";
import { digestOf } from "../hash.ts";
import { tryParseReference } from "../images/reference.ts";
import { imageKey } from "../ref.ts";
import { PlanBuilder } from "./builder.ts";
import type { Plan } from "./operation.ts";

export interface PullsPolicy {
  /** Over the policies of the services. */
  readonly policy?: "missing" | "always";
  /** Leave out what the stack can build. */
  readonly ignoreBuildable?: boolean;
  readonly ignoreFailures?: boolean;
}

/**
 * Services without an image of their own have nothing to pull. A failed pull of what can be built is no failure.
 * @param isPresent whether the engine has an image; asked for services that want only what is missing
 */
export function planPulls(
  stack: Stack,
  isPresent: (reference: string) => boolean,
  policy: PullsPolicy,
): Plan {
  const builder = new PlanBuilder();
  const services = Object.entries(stack.services).filter(([, { provider }]) => provider === undefined);
  const keyOf = (service: Service): string => imageKey(service.image ?? "");
  const buildable = new Set(
    services.filter(([, { build }]) => build !== undefined).map(([, service]) => keyOf(service)),
  );
  for (const [, service] of services) {
    const { image, build } = service;
    if (image === undefined || (policy.ignoreBuildable === true && build !== undefined)) continue;
    if (!isWanted(policy.policy ?? service.pull_policy, image, isPresent)) continue;
    const id = `image.pull:${image}`;
    if (builder.has(id)) continue;
    const platform = servicePlatform(stack, service);
    const resource = { type: "image", name: image } as const;
    const users = services.filter(([, other]) => keyOf(other) === keyOf(service)).map(([name]) => name);
    const isOptional = policy.ignoreFailures === true || buildable.has(keyOf(service));
    builder.change(resource, "pull", { type: "requested" });
    builder.add({
      id,
      kind: "image.pull",
      resource,
      cause: { type: "requested" },
      reference: image,
      services: users,
      ...(platform === undefined ? {} : { platform }),
      ...(isOptional ? { bestEffort: true } : {}),
    });
  }
  return builder.build(stack.name, () => digestOf([]));
}

/** `latest` is a moving name: the format's specification has it pulled also where only missing images are. */
function isWanted(
  policy: string | undefined,
  image: string,
  isPresent: (reference: string) => boolean,
): boolean {
  if (policy === "never" || policy === "build") return false;
  if (policy !== "missing" && policy !== "if_not_present") return true;
  const { tag, digest } = tryParseReference(image) ?? {};
  const isMoving = digest === undefined && (tag === undefined || tag === "latest");
  return isMoving || !isPresent(image);
}
