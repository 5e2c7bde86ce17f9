/** `commit`: an image of a container as it is now. */
import type { Command } from "commander";
import type { Invocation } from "../command.ts";
import { printDryRun } from "../dry-run.ts";
import { EXIT_OK } from "../exit.ts";
import { collect, parseWhole } from "../options.ts";
import { openServiceContainer } from "../service-container.ts";

interface CommitFlags {
  readonly author?: string;
  readonly change?: readonly string[];
  readonly index?: number;
  readonly message?: string;
  readonly pause: boolean;
}

export function configure(command: Command): void {
  command
    .argument("<service>")
    .argument("[image]", "name of the image, with a tag")
    .option("-a, --author <author>", "who made it")
    .option("-c, --change <instruction>", 'Dockerfile instruction, e.g. "ENV A=b"; repeatable', collect)
    .option("--index <number>", "number of the container", parseWhole("--index"))
    .option("-m, --message <text>", "what is in it")
    .option("-p, --pause", "pause the container meanwhile (the default)", true)
    .option("--no-pause", "do not");
}

export async function run(invocation: Invocation<CommitFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const [service = "", image] = args;
  const { engine, container } = await openServiceContainer(invocation, service, flags.index ?? 0);
  try {
    if (globals.dryRun === true) {
      return printDryRun(context, [`make image ${image ?? "without a name"} of container ${container.name}`]);
    }
    const { author, message: comment, change: changes = [], pause } = flags;
    const id = await engine.commitContainer(
      container.id,
      { ...splitTag(image), author, comment, changes, pause },
      { signal: context.interrupts.stop },
    );
    context.stdout.write(`${id}\n`);
  } finally {
    engine.close();
  }
  return EXIT_OK;
}

/** A colon before a slash belongs to a port. */
function splitTag(image: string | undefined): { readonly repository?: string; readonly tag?: string } {
  if (image === undefined) return {};
  const colon = image.indexOf(":", image.lastIndexOf("/") + 1);
  return colon === -1
    ? { repository: image }
    : { repository: image.slice(0, colon), tag: image.slice(colon + 1) };
}
