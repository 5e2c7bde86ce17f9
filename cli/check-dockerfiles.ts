/** `build --check`: what the builder's own checks say about the Dockerfiles of a plan. */
import type { ImageBuild, Plan } from "../engine/plan/operation.ts";
import { openDockerCredentials } from "../engine/docker/credentials.ts";
import { openBuilder } from "../engine/session/effects.ts";
import type { Stack } from "../schema/model.ts";
import type { Invocation } from "./command.ts";
import { EXIT_ERROR, EXIT_OK } from "./exit.ts";
import { palette } from "./render/color.ts";
import { renderDockerfileWarnings } from "./render/dockerfile-warnings.ts";
import { connect } from "./stack.ts";
import { wantsColor } from "./terminal.ts";

/** Exit code: an error where there is a warning, as the peer has it. */
export async function checkDockerfiles(
  invocation: Invocation<unknown>,
  stack: Stack,
  plan: Plan,
): Promise<number> {
  const { context } = invocation;
  const engine = await connect(invocation);
  try {
    const credentials = openDockerCredentials(context.env, context.home);
    const builder = await openBuilder({ engine, stack, credentials });
    const builds = plan.operations.filter((one): one is ImageBuild => one.kind === "image.build");
    const found = await Promise.all(
      builds.map(async (build) => builder.lint(build, context.interrupts.stop)),
    );
    const colors = palette(wantsColor(context.stdout, context));
    for (const [index, warnings] of found.entries()) {
      const service = builds[index]?.service ?? "";
      context.stdout.write(`${renderDockerfileWarnings(service, warnings, colors)}\n`);
    }
    return found.some((warnings) => warnings.length > 0) ? EXIT_ERROR : EXIT_OK;
  } finally {
    engine.close();
  }
}
