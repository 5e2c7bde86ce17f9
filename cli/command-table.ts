/** Every command: its name, one line for the overview, and where its code is. Nothing is loaded before it is needed. */
import type { CommandModule } from "./command.ts";

export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly group: "Run" | "Look" | "Images" | "Inside" | "Other";
  load(): Promise<CommandModule>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "up",
    group: "Run",
    summary: "Create and start what the stack declares",
    load: () => import("./commands/up.ts"),
  },
  {
    name: "down",
    group: "Run",
    summary: "Stop and remove containers and networks",
    load: () => import("./commands/down.ts"),
  },
  {
    name: "plan",
    group: "Look",
    summary: "Show what up would do and why, changing nothing",
    load: () => import("./commands/plan.ts"),
  },
  {
    name: "watch",
    group: "Run",
    summary: "Keep containers equal to the files on the host while you edit",
    load: () => import("./commands/watch.ts"),
  },
  {
    name: "ps",
    group: "Look",
    summary: "List containers",
    load: () => import("./commands/ps.ts"),
  },
  {
    name: "logs",
    group: "Look",
    summary: "Show the output of containers",
    load: () => import("./commands/logs.ts"),
  },
  {
    name: "config",
    aliases: ["convert"],
    group: "Look",
    summary: "Check the stack files and print the resolved stack",
    load: () => import("./commands/config.ts"),
  },
  {
    name: "lint",
    group: "Look",
    summary: "Find mistakes in the stack files, and what will hurt later",
    load: () => import("./commands/lint.ts"),
  },
  {
    name: "version",
    group: "Other",
    summary: "Show the version",
    load: () => import("./commands/version.ts"),
  },
];
