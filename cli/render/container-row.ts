/** A container as `ps` shows it, with the field names that the peer's `--format json` has. Pure. */
import type { ContainerSummary } from "../../engine/docker/types.ts";
import { label } from "../../engine/labels.ts";
import { displayPorts, publishersOf, type Publisher } from "./ports.ts";
import { formatAge } from "./quantity.ts";
import { truncate } from "./text.ts";

/** Keys in alphabetical order: that is how they are printed. */
export interface ContainerRow {
  readonly Command: string;
  readonly CreatedAt: string;
  readonly ExitCode: number;
  readonly Health: string;
  readonly ID: string;
  readonly Image: string;
  readonly Labels: string;
  readonly LocalVolumes: string;
  readonly Mounts: string;
  readonly Name: string;
  readonly Names: string;
  readonly Networks: string;
  readonly Ports: string;
  readonly Project: string;
  readonly Publishers: readonly Publisher[];
  readonly RunningFor: string;
  readonly Service: string;
  readonly Size: string;
  readonly State: string;
  readonly Status: string;
}

export interface RowOptions {
  /** Unix milliseconds. */
  readonly now: number;
  /** Whole ids, commands and names. */
  readonly full: boolean;
}

const COMMAND_WIDTH = 20;
const MOUNT_WIDTH = 15;
const SHORT_ID = 12;

export function containerRow(container: ContainerSummary, { now, full }: RowOptions): ContainerRow {
  const name = (container.Names[0] ?? "").replace(/^\//, "");
  const mounts = container.Mounts.map((mount) => mount.Name ?? mount.Source ?? mount.Destination);
  return {
    Command: `"${full ? container.Command : truncate(container.Command, COMMAND_WIDTH)}"`,
    // Asked for by few formats.
    get CreatedAt() {
      return formatCreated(container.Created);
    },
    ExitCode: exitCodeIn(container.Status),
    Health: healthIn(container.Status),
    ID: full ? container.Id : container.Id.slice(0, SHORT_ID),
    Image: container.Image,
    Labels: Object.entries(container.Labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
    LocalVolumes: String(container.Mounts.filter((mount) => mount.Driver === "local").length),
    Mounts: mounts.map((mount) => (full ? mount : truncate(mount, MOUNT_WIDTH))).join(","),
    Name: name,
    Names: name,
    Networks: Object.keys(container.NetworkSettings?.Networks ?? {}).join(","),
    Ports: displayPorts(container.Ports),
    Project: container.Labels[label.project] ?? "",
    Publishers: publishersOf(container.Ports),
    RunningFor: `${formatAge(now / 1000 - container.Created)} ago`,
    Service: container.Labels[label.service] ?? "",
    Size: "0B",
    State: container.State,
    Status: container.Status,
  };
}

/** `Exited (137) 2 minutes ago` */
function exitCodeIn(status: string): number {
  return Number(/^(?:Exited|Restarting) \((-?\d+)\)/.exec(status)?.[1] ?? 0);
}

/** `Up 3 seconds (healthy)`, `Up 1 second (health: starting)` */
function healthIn(status: string): string {
  return /\((healthy|unhealthy)\)/.exec(status)?.[1] ?? /\(health: (\w+)\)/.exec(status)?.[1] ?? "";
}

/** `2026-11-23 21:29:09 +0000 UTC`, in local time as the engine's own tools print it. */
function formatCreated(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, "0");
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.abs(offset) / 60)}${two(Math.abs(offset) % 60)}`;
  const name = zoneName(date);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone} ${name}`;
}

/** `CET`. The first use of the formatter takes Node 10 ms. */
function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(date);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "UTC";
}
