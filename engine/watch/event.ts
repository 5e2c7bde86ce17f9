/** What watching reports, as facts. */
import type { ErrorFacts } from "../error-facts.ts";
import type { WatcherNotice } from "./file-watcher.ts";

/** `rules`: nothing but what is watched. */
export type ReloadOutcome = "unchanged" | "rules" | "applied" | "invalid" | "failed";

export type WatchEvent =
  | {
      readonly type: "ready";
      readonly services: readonly string[];
      readonly roots: readonly string[];
      readonly durationMs: number;
    }
  | {
      readonly type: "synced";
      readonly service: string;
      readonly containers: readonly string[];
      /** Files, links and directories written. */
      readonly written: number;
      readonly deleted: number;
      readonly bytes: number;
      readonly via: "shell" | "archive";
      /** From the first change seen to the last acknowledgement. */
      readonly durationMs: number;
      readonly reason: "change" | "initial" | "container-started";
      /** One of the paths, relative to its rule's root, when there are few. */
      readonly example: string | undefined;
    }
  | {
      readonly type: "started";
      readonly service: string;
      readonly action: "rebuild" | "restart" | "exec";
      readonly paths: number;
    }
  | {
      readonly type: "done";
      readonly service: string;
      readonly action: "rebuild" | "restart" | "exec";
      readonly durationMs: number;
    }
  /** A newer change made the running build pointless. */
  | { readonly type: "superseded"; readonly service: string }
  /** The old containers keep running; the next change tries again. */
  | {
      readonly type: "failed";
      readonly service: string;
      readonly action: "sync" | "rebuild" | "restart" | "exec" | "restore";
      readonly error: ErrorFacts;
      /** Only these of the service's containers are concerned. */
      readonly containers?: readonly string[];
    }
  /** The container keeps what the host has no more, and is not asked again. `targets`: paths in the container. */
  | {
      readonly type: "not-deleted";
      readonly service: string;
      readonly targets: readonly string[];
      readonly reason: string;
    }
  /** Containers that somebody removed while they ran have been made again. */
  | {
      readonly type: "restored";
      readonly service: string;
      readonly containers: readonly string[];
      readonly durationMs: number;
    }
  /** Somebody removed the last containers of these; changes wait for new ones. */
  | { readonly type: "gone"; readonly services: readonly string[] }
  /** The engine went away, and came back: then every container is brought up to date again. */
  | { readonly type: "engine"; readonly state: "lost" | "back"; readonly error?: ErrorFacts }
  /** A bind mount shows the host's files at the target already. */
  | { readonly type: "skipped-bind"; readonly service: string; readonly target: string }
  | { readonly type: "unreadable"; readonly path: string; readonly reason: string }
  | { readonly type: "notice"; readonly notice: WatcherNotice }
  /** A file that the loader read has changed. `invalid`: the last good state stays. */
  | {
      readonly type: "reloaded";
      readonly outcome: ReloadOutcome;
      readonly files: readonly string[];
      readonly durationMs: number;
      readonly error?: ErrorFacts;
    };
