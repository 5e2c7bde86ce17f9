/** Where a service's container comes from: an image, a build, or a provider. */
import type { Build, Service } from "../model.ts";
import { type CheckInput, serviceEntries, type Finding, has, undefinedHint } from "./report.ts";

const SERVICE_PREFIX = "service:";

export function* checkSources(input: CheckInput): Generator<Finding> {
  for (const [name, service] of serviceEntries(input)) {
    if (service.build === undefined && service.provider === undefined && (service.image ?? "") === "") {
      yield {
        code: "no-image",
        message: `service "${name}" has neither an image nor a build`,
        path: ["services", name],
        target: "key",
        hint: 'add "image" or "build"',
      };
    }
    if (service.build !== undefined) yield* checkBuild(input, name, service, service.build);
  }
}

function* checkBuild(input: CheckInput, name: string, service: Service, build: Build): Generator<Finding> {
  const path = ["services", name, "build"];
  if ((build.dockerfile_inline ?? "") !== "" && (build.dockerfile ?? "") !== "") {
    yield {
      code: "exclusive-keys",
      message: `service "${name}" sets both "dockerfile" and "dockerfile_inline"`,
      path: [...path, "dockerfile_inline"],
      target: "key",
      hint: "keep one of them",
      related: [{ message: "the other one", path: [...path, "dockerfile"], target: "key" }],
    };
  }
  const platforms = build.platforms ?? [];
  if (
    service.platform !== undefined &&
    service.platform !== "" &&
    platforms.length > 0 &&
    !platforms.includes(service.platform)
  ) {
    yield {
      code: "platform-not-built",
      message: `service "${name}" runs on "${service.platform}", which is not among the platforms it is built for`,
      path: ["services", name, "platform"],
      hint: `add "${service.platform}" to build.platforms`,
      related: [{ message: "the platforms of the build", path: [...path, "platforms"] }],
    };
  }
  for (const [context, value] of Object.entries(build.additional_contexts ?? {})) {
    if (value.startsWith(SERVICE_PREFIX))
      yield* checkContext(input, name, context, value.slice(SERVICE_PREFIX.length));
  }
}

/** `additional_contexts: { base: service:x }` needs a service that is built. */
function* checkContext(input: CheckInput, name: string, context: string, target: string): Generator<Finding> {
  const path = ["services", name, "build", "additional_contexts", context];
  if (!has(input.services, target)) {
    const disabled = has(input.disabledServices, target);
    yield {
      code: disabled ? "disabled-service" : "undefined-service",
      message: disabled
        ? `the build of service "${name}" uses service "${target}", which no active profile selects`
        : `the build of service "${name}" uses service "${target}", which is not defined`,
      path,
      hint: disabled ? undefined : undefinedHint(target, input.services, "services"),
    };
    return;
  }
  if (input.services[target]?.build === undefined) {
    yield {
      code: "service-not-built",
      message: `the build of service "${name}" uses service "${target}", which has no build`,
      path,
      related: [{ message: `service "${target}"`, path: ["services", target], target: "key" }],
    };
  }
}
