/** `port`: where a container's port is published. */
import type { Command } from "commander";
import { UsageError } from "../../engine/error.ts";
import type { Invocation } from "../command.ts";
import { listProjectContainers, pickContainer } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { parseWhole } from "../options.ts";
import { checkServices, connect, loadProject } from "../stack.ts";

interface PortFlags {
  readonly index?: number;
  readonly protocol: string;
}

export function configure(command: Command): void {
  command
    .argument("<service>")
    .argument("<private-port>", "port inside the container")
    .option("--index <number>", "number of the container", parseWhole("--index"))
    .option("--protocol <protocol>", "tcp or udp", "tcp");
}

export async function run(invocation: Invocation<PortFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const [service = "", wanted = ""] = args;
  const port = Number(wanted);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError(`"${wanted}" is no port`);
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, [service]);
  const engine = await connect(invocation);
  const containers = await listProjectContainers(
    engine,
    project.name,
    { services: [service], oneoffs: true },
    context.interrupts.stop,
  );
  engine.close();
  const container = pickContainer(containers, service, flags.index ?? 0);
  const published = container.ports.find(
    (candidate) =>
      candidate.private === port &&
      candidate.type === flags.protocol.toLowerCase() &&
      candidate.public !== undefined,
  );
  if (published === undefined) {
    throw new UsageError(`port ${port}/${flags.protocol} of ${container.name} is not published`);
  }
  const address = published.ip?.includes(":") === true ? `[${published.ip}]` : (published.ip ?? "0.0.0.0");
  context.stdout.write(`${address}:${published.public ?? 0}\n`);
  return EXIT_OK;
}
