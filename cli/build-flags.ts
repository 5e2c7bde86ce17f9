/** Flags of `build` that change what the builds of a stack say. */
import type { Build, Service, Stack } from "../schema/model.ts";

export interface BuildChanges {
  /** `KEY=value`, over those of the stack; `KEY` alone takes its value from the environment. */
  readonly buildArg?: readonly string[];
  /** `default`, `id` or `id=path`, separated by commas; empty: `default`. */
  readonly ssh?: string;
  readonly provenance?: string;
  readonly sbom?: string;
}

export function withBuildChanges(stack: Stack, changes: BuildChanges): Stack {
  const { buildArg = [], ssh, provenance, sbom } = changes;
  const args = parseArguments(buildArg, stack.environment);
  const agents = ssh === undefined ? [] : (ssh === "" ? "default" : ssh).split(",");
  const change = (build: Build): Build => ({
    ...build,
    ...(buildArg.length === 0 ? {} : { args: { ...build.args, ...args } }),
    ...(agents.length === 0 ? {} : { ssh: [...(build.ssh ?? []), ...agents] }),
    ...(provenance === undefined ? {} : { provenance }),
    ...(sbom === undefined ? {} : { sbom }),
  });
  const all = (services: Readonly<Record<string, Service>>): Readonly<Record<string, Service>> =>
    Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        service.build === undefined ? service : { ...service, build: change(service.build) },
      ]),
    );
  return {
    ...stack,
    services: all(stack.services),
    // Builds of other services are made too where a build takes them as a context.
    disabledServices: all(stack.disabledServices),
    locate: (path) => stack.locate(path),
  };
}

function parseArguments(
  args: readonly string[],
  environment: Stack["environment"],
): Readonly<Record<string, string | null>> {
  const entries = args.map((arg) => {
    const equals = arg.indexOf("=");
    return equals === -1
      ? ([arg, environment[arg] ?? null] as const)
      : ([arg.slice(0, equals), arg.slice(equals + 1)] as const);
  });
  return Object.fromEntries(entries);
}
