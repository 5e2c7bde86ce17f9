/** The platform that a service's image and containers are for. */
import type { Service, Stack } from "../../schema/model.ts";

/** Undefined: the engine's own. DOCKER_DEFAULT_PLATFORM stands in for services that name none. */
export function servicePlatform(
  { environment }: Pick<Stack, "environment">,
  { platform }: Pick<Service, "platform">,
): string | undefined {
  return platform ?? (environment["DOCKER_DEFAULT_PLATFORM"] || undefined);
}
