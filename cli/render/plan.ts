/** A plan as a readable tree: what happens to each resource, why down to the field, and what it waits for. */
import type {
  Cause,
  Decision,
  FieldChange,
  Operation,
  Plan,
  ResourceChange,
} from "../../engine/plan/operation.ts";
import type { SourceRange } from "../../schema/diagnostic.ts";
import type { Paint, Palette } from "./color.ts";
import { showValue } from "./mask.ts";
import { withUnits } from "./size.ts";
import { describeWaits } from "./plan-waits.ts";
import { padEnd, displayWidth, truncate } from "./text.ts";

export interface PlanRenderOptions {
  readonly colors: Palette;
  /** `compose.yaml:12:7` of a range. */
  readonly place?: (range: SourceRange) => string | undefined;
  /** Show values of fields whose name says secret. */
  readonly reveal?: boolean;
  /** Cells of the terminal; values longer than it are cut. */
  readonly width?: number | undefined;
}

type Action = ResourceChange["action"];
const MARK: Readonly<Record<Action, string>> = {
  create: "+",
  recreate: "~",
  update: "~",
  start: ">",
  stop: "-",
  remove: "-",
  pull: "^",
  build: "*",
  push: "^",
  run: ">",
  keep: "=",
};
const PARTICIPLE: readonly [Action, string][] = [
  ["pull", "pull"],
  ["build", "build"],
  ["push", "push"],
  ["create", "create"],
  ["recreate", "recreate"],
  ["update", "update"],
  ["start", "start"],
  ["run", "run"],
  ["stop", "stop"],
  ["remove", "remove"],
];

/** Ends with a newline. The last line always is the summary, `Plan: ...`. */
export function renderPlan(plan: Plan, options: PlanRenderOptions): string {
  const changes = plan.changes.filter((change) => change.action !== "keep");
  const operations = new Map(plan.operations.map((operation) => [operation.id, operation]));
  const kindWidth = Math.max(0, ...changes.map((change) => change.resource.type.length));
  const lines: string[] = [];
  for (const change of changes) lines.push(...renderChange(change, kindWidth, operations, options));
  if (lines.length > 0) lines.push("");
  lines.push(summarizePlan(plan));
  return `${lines.join("\n")}\n`;
}

/** `Plan: 1 to create, 2 to recreate; 5 unchanged.` */
export function summarizePlan(plan: Plan): string {
  const amounts = new Map<Action, number>();
  for (const { action } of plan.changes) amounts.set(action, (amounts.get(action) ?? 0) + 1);
  const parts = PARTICIPLE.flatMap(([action, word]) => {
    const amount = amounts.get(action) ?? 0;
    return amount === 0 ? [] : [`${amount} to ${word}`];
  });
  const kept = amounts.get("keep") ?? 0;
  const unchanged = kept === 0 ? "" : `${kept} unchanged`;
  if (parts.length === 0) return `Plan: nothing to do${unchanged === "" ? "" : `; ${unchanged}`}.`;
  return `Plan: ${parts.join(", ")}${unchanged === "" ? "" : `; ${unchanged}`}.`;
}

/** The question behind a decision, with the changes that raise it. */
export function renderDecision(decision: Decision, options: PlanRenderOptions): string {
  const { name } = decision.resource;
  const question =
    decision.question === "volume-data-loss"
      ? `volume "${name}" is declared differently now; making it anew deletes its data`
      : `container "${name}" belongs to a project of the same name in another directory`;
  return [question, ...decision.changes.map((change) => `    ${renderField(change, options)}`)].join("\n");
}

function renderChange(
  change: ResourceChange,
  kindWidth: number,
  operations: ReadonlyMap<string, Operation>,
  options: PlanRenderOptions,
): string[] {
  const { colors } = options;
  const paint = paintOf(change.action, colors);
  const reason = describeCause(change.cause);
  const head = `${paint(`${MARK[change.action]} ${padEnd(change.action, 8)}`)} ${padEnd(change.resource.type, kindWidth)} ${colors.bold(change.resource.name)}`;
  const lines = [reason === "" ? head : `${head}  ${colors.dim(reason)}`];
  if (change.cause.type === "diverged") {
    for (const field of change.cause.changes) lines.push(`    ${renderField(field, options)}`);
  }
  const waits = describeWaits(change, operations);
  if (waits !== "") lines.push(`    ${colors.dim(`after ${waits}`)}`);
  return lines;
}

/** `environment.LOG_LEVEL: "info" -> "debug"   compose.yaml:12:7` */
export function renderField(change: FieldChange, options: PlanRenderOptions): string {
  const place = change.range === undefined ? undefined : options.place?.(change.range);
  const suffix = place === undefined ? "" : `   ${place}`;
  const budget =
    options.width === undefined ? Infinity : Math.max(24, options.width - 4 - displayWidth(suffix));
  const head = `${change.path}: `;
  const values = Math.max(16, budget - displayWidth(head) - 4);
  const shown = (value: unknown): string =>
    shorten(showValue(change.path, withUnits(change.path, value), options.reveal), values / 2);
  const from = shown(change.from);
  const to = shown(change.to);
  const { colors } = options;
  if (change.from === undefined)
    return `${head}${colors.green(to)} ${colors.dim("(added)")}${colors.dim(suffix)}`;
  if (change.to === undefined)
    return `${head}${colors.red(from)} ${colors.dim("(removed)")}${colors.dim(suffix)}`;
  return `${head}${colors.red(from)} -> ${colors.green(to)}${colors.dim(suffix)}`;
}

/** Why, in a few words; empty where the action says it all. Field changes are listed separately. */
export function describeCause(cause: Cause): string {
  switch (cause.type) {
    case "missing":
    case "requested":
    case "dependency":
      return "";
    case "diverged":
      return cause.changes.length === 0 ? "specification changed" : "";
    case "hash-diverged":
      return "made from another definition (by another tool or version)";
    case "image-changed":
      return `image changed${cause.from === undefined ? "" : `: ${shortId(cause.from)} -> ${cause.to === undefined ? "to be built or pulled" : shortId(cause.to)}`}`;
    case "dependency-recreated":
      return `service "${cause.service}" is recreated`;
    case "network-recreated":
      return `network "${cause.network}" is recreated`;
    case "network-gone":
      return `its network "${cause.network}" is gone`;
    case "volume-recreated":
      return `volume "${cause.volume}" is recreated`;
    case "forced":
      return "asked for";
    case "unstartable":
      return "the engine cannot start it any more";
    case "scale":
      return `scale ${cause.from} -> ${cause.to}`;
    case "orphan":
      return "orphan: no such service in the stack";
    case "leftover":
      return "left over from an interrupted run";
    case "not-running":
      return `is ${cause.state}`;
    case "renamed":
      return `is named ${cause.from}`;
    case "disconnected":
      return `is not on ${cause.networks.length === 1 ? "network" : "networks"} ${cause.networks.join(", ")}`;
    default:
      return cause satisfies never;
  }
}

function paintOf(action: Action, colors: Palette): Paint {
  if (action === "remove" || action === "stop") return colors.red;
  if (action === "recreate" || action === "update") return colors.yellow;
  return action === "keep" ? colors.dim : colors.green;
}

function shortId(image: string): string {
  return image.startsWith("sha256:") ? image.slice(7, 19) : image;
}

function shorten(text: string, width: number): string {
  return truncate(text, Math.floor(width));
}
