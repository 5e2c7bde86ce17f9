/** `why`: the reason for the state that a service is in, and what `up` would change about it. */
import type { Command } from "commander";
import type { ReadOnlyEngine } from "../../engine/docker/api.ts";
import type { DesiredState } from "../../engine/desired/model.ts";
import { readLogs } from "../../engine/logs/history.ts";
import type { ObservedContainer, ObservedState } from "../../engine/observe/model.ts";
import type { Plan } from "../../engine/plan/operation.ts";
import { prepareUp } from "../../engine/session/prepare.ts";
import type { DependencyCondition } from "../../schema/model.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { parseWhole } from "../options.ts";
import { placeNamer } from "../plan-place.ts";
import { palette } from "../render/color.ts";
import { renderPlan } from "../render/plan.ts";
import { describeContainer } from "../render/why.ts";
import { checkServices, connect, loadStack } from "../stack.ts";
import { decideColor } from "../terminal.ts";

interface WhyFlags {
  readonly tail: number;
}

export function configure(command: Command): void {
  command
    .argument("<service>")
    .option(
      "-n, --tail <lines>",
      "last lines of output of containers that do not run",
      parseWhole("--tail"),
      5,
    );
}

export async function run(invocation: Invocation<WhyFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const [service = ""] = args;
  const stack = await loadStack(invocation);
  checkServices(stack, [service]);
  const engine = await connect(invocation);
  const { stop: signal } = context.interrupts;
  const { desired, observed, plan } = await prepareUp(engine, stack, { signal });
  const colors = palette(decideColor(context.stdout.isTTY, { flag: globals.ansi, env: context.env }));
  const containers = observed.containers.filter(
    (container) => container.service === service && !container.oneoff,
  );
  const lines: string[] = [];
  for (const container of containers) {
    lines.push(
      ...describeContainer(await engine.inspectContainer(container.id, { signal }), context.now(), colors),
    );
    if (container.state !== "running")
      lines.push(...(await lastOutput(engine, container, flags.tail, signal)));
  }
  if (containers.length === 0) lines.push(`service ${service} has no container`);
  lines.push(...unmetDependencies(desired, observed, service));
  engine.close();
  context.stdout.write(`${lines.join("\n")}\n`);
  const own = onlyService(plan().plan, service);
  if (own.changes.length > 0) {
    const place = placeNamer(stack.sources, context.cwd);
    context.stdout.write(
      `\nup would change:\n${renderPlan(own, { colors, place, width: context.stdout.columns() })}`,
    );
  }
  return EXIT_OK;
}

async function lastOutput(
  engine: ReadOnlyEngine,
  container: ObservedContainer,
  tail: number,
  signal: AbortSignal,
): Promise<string[]> {
  const lines: string[] = [];
  await readLogs(
    engine,
    [container],
    { tail },
    (event) => void (event.type === "lines" && lines.push(...event.lines)),
    signal,
  );
  return lines.map((line) => `    | ${line}`);
}

/** Dependencies whose condition does not hold now. */
function unmetDependencies(desired: DesiredState, observed: ObservedState, service: string): string[] {
  const dependencies = desired.services.find(({ name }) => name === service)?.dependencies ?? {};
  return Object.entries(dependencies).flatMap(([name, { condition }]) => {
    const containers = observed.containers.filter(
      (container) => container.service === name && !container.oneoff,
    );
    const isMet = containers.length > 0 && containers.every((container) => meets(container, condition));
    return isMet ? [] : [`waits for ${name}: ${wanted(condition)}, but ${stateOf(containers)}`];
  });
}

function meets({ state, health, exitCode }: ObservedContainer, condition: DependencyCondition): boolean {
  switch (condition) {
    case "service_started":
      return state === "running";
    case "service_healthy":
      return state === "running" && health === "healthy";
    case "service_completed_successfully":
      return state === "exited" && exitCode === 0;
    default:
      return condition satisfies never;
  }
}

function wanted(condition: DependencyCondition): string {
  return `it has to be ${condition.replace("service_", "").replaceAll("_", " ")}`;
}

function stateOf(containers: readonly ObservedContainer[]): string {
  if (containers.length === 0) return "it has no container";
  return containers
    .map(({ name, state, exitCode, health }) => {
      if (state === "exited") return `${name} exited with code ${exitCode ?? "unknown"}`;
      if (state === "created") return `${name} was never started`;
      return `${name} is ${state}${health === "none" ? "" : ` and ${health}`}`;
    })
    .join(", ");
}

function onlyService(plan: Plan, service: string): Plan {
  return {
    ...plan,
    changes: plan.changes.filter(
      ({ resource, action }) =>
        action !== "keep" && (resource.service === service || resource.name === service),
    ),
  };
}
