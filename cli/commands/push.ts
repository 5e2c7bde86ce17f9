/** `push`: sends images that services build to their registries. */
import type { Command } from "commander";
import { OperationError, TcomposeError } from "../../engine/error.ts";
import { systemClock } from "../../engine/execute/clock.ts";
import { pushImage } from "../../engine/images/push.ts";
import { openDockerCredentials } from "../../engine/docker/credentials.ts";
import type { Invocation } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import { EXIT_OK } from "../exit.ts";
import { connect, loadStack } from "../stack.ts";

interface PushFlags {
  readonly ignorePushFailures?: boolean;
  readonly includeDeps?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only images of these services")
    .option("--ignore-push-failures", "go on when an image cannot be pushed")
    .option("--include-deps", "also images of what the services depend on")
    .option("-q, --quiet", "no progress");
}

export async function run(invocation: Invocation<PushFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const stack = await loadStack(invocation, { services: args, noDependencies: flags.includeDeps !== true });
  const engine = await connect(invocation);
  const credentials = openDockerCredentials(context.env, context.home);
  const say = (text: string): void => {
    if (flags.quiet !== true) context.stderr.write(text);
  };
  const images = new Set(
    Object.values(stack.services).flatMap(({ image, build }) =>
      image === undefined || build === undefined ? [] : [image, ...(build.tags ?? [])],
    ),
  );
  if (images.size === 0) say("warning: no service builds an image with a name to push\n");
  if (globals.dryRun === true) {
    engine.close();
    return printDryRun(
      context,
      [...images].map((image) => `push image ${image}`),
    );
  }
  const failed: string[] = [];
  for (const image of images) {
    say(` Image ${image}  Pushing\n`);
    try {
      await pushImage(engine, image, {
        credentials,
        progress: () => undefined,
        signal: context.interrupts.stop,
        clock: systemClock,
      });
      say(` Image ${image}  Pushed\n`);
    } catch (error) {
      if (!(error instanceof TcomposeError) || error.code === "aborted") throw error;
      if (images.size === 1 && flags.ignorePushFailures !== true) throw error;
      say(` Image ${image}  Error ${error.message}\n`);
      failed.push(image);
    }
  }
  engine.close();
  if (failed.length > 0 && flags.ignorePushFailures !== true) {
    throw new OperationError("image.push", `cannot push ${failed.join(", ")}`);
  }
  return EXIT_OK;
}
