/** Every command: its name, one line for the overview, and where its code is. Nothing is loaded before it is needed. */
import type { CommandModule } from "./command.ts";

export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly group: "Run" | "Look" | "Images" | "Inside" | "Other";
  /** Not in the overview. */
  readonly hidden?: boolean;
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
    name: "why",
    group: "Look",
    summary: "Say why a service is in the state it is in",
    load: () => import("./commands/why.ts"),
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
    name: "create",
    group: "Run",
    summary: "Create containers without starting them",
    load: () => import("./commands/create.ts"),
  },
  {
    name: "start",
    group: "Run",
    summary: "Start containers that are there",
    load: () => import("./commands/start.ts"),
  },
  {
    name: "stop",
    group: "Run",
    summary: "Stop containers",
    load: () => import("./commands/stop.ts"),
  },
  {
    name: "restart",
    group: "Run",
    summary: "Stop containers and start them again",
    load: () => import("./commands/restart.ts"),
  },
  {
    name: "scale",
    group: "Run",
    summary: "Set the number of containers of services",
    load: () => import("./commands/scale.ts"),
  },
  {
    name: "pause",
    group: "Run",
    summary: "Freeze containers",
    load: () => import("./commands/pause.ts"),
  },
  {
    name: "unpause",
    group: "Run",
    summary: "Let frozen containers go on",
    load: () => import("./commands/unpause.ts"),
  },
  {
    name: "kill",
    group: "Run",
    summary: "Send a signal to containers",
    load: () => import("./commands/kill.ts"),
  },
  {
    name: "rm",
    group: "Run",
    summary: "Remove stopped containers",
    load: () => import("./commands/rm.ts"),
  },
  {
    name: "wait",
    group: "Look",
    summary: "Wait until containers have ended",
    load: () => import("./commands/wait.ts"),
  },
  {
    name: "top",
    group: "Look",
    summary: "Show processes in containers",
    load: () => import("./commands/top.ts"),
  },
  {
    name: "stats",
    group: "Look",
    summary: "Show what containers use",
    load: () => import("./commands/stats.ts"),
  },
  {
    name: "port",
    group: "Look",
    summary: "Show where a port is published",
    load: () => import("./commands/port.ts"),
  },
  {
    name: "events",
    group: "Look",
    summary: "Show what happens to containers, as it happens",
    load: () => import("./commands/events.ts"),
  },
  {
    name: "ls",
    group: "Look",
    summary: "List projects",
    load: () => import("./commands/ls.ts"),
  },
  {
    name: "volumes",
    group: "Look",
    summary: "List volumes of the project",
    load: () => import("./commands/volumes.ts"),
  },
  {
    name: "exec",
    group: "Inside",
    summary: "Run a command in a running container",
    load: () => import("./commands/exec.ts"),
  },
  {
    name: "run",
    group: "Inside",
    summary: "Run a command in a new container of a service",
    load: () => import("./commands/run.ts"),
  },
  {
    name: "attach",
    group: "Inside",
    summary: "Connect this terminal to a running container",
    load: () => import("./commands/attach.ts"),
  },
  {
    name: "cp",
    group: "Inside",
    summary: "Copy files between containers and the host",
    load: () => import("./commands/cp.ts"),
  },
  {
    name: "export",
    group: "Inside",
    summary: "Write the file system of a container as a tar",
    load: () => import("./commands/export.ts"),
  },
  {
    name: "build",
    group: "Images",
    summary: "Build images",
    load: () => import("./commands/build.ts"),
  },
  {
    name: "pull",
    group: "Images",
    summary: "Pull images",
    load: () => import("./commands/pull.ts"),
  },
  {
    name: "push",
    group: "Images",
    summary: "Push images that are built here",
    load: () => import("./commands/push.ts"),
  },
  {
    name: "images",
    group: "Images",
    summary: "List images of containers",
    load: () => import("./commands/images.ts"),
  },
  {
    name: "commit",
    group: "Images",
    summary: "Make an image of a container as it is now",
    load: () => import("./commands/commit.ts"),
  },
  {
    name: "capabilities",
    group: "Other",
    summary: "Show what the engine can do",
    load: () => import("./commands/capabilities.ts"),
  },
  {
    name: "version",
    group: "Other",
    summary: "Show the version",
    load: () => import("./commands/version.ts"),
  },
  {
    name: "completion",
    group: "Other",
    summary: "Print a completion script for bash, zsh or fish",
    load: () => import("./commands/completion.ts"),
  },
  {
    name: "__complete",
    group: "Other",
    hidden: true,
    summary: "Candidates for completion",
    load: () => import("./commands/complete.ts"),
  },
  ...["publish", "bridge", "alpha"].map((name): CommandEntry => ({
    name,
    group: "Other",
    hidden: true,
    summary: "Not part of tcompose",
    load: () => import("./commands/not-here.ts"),
  })),
];
