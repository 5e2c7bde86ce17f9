/** One calm line for each thing that watching did: what, where, how many files, how many milliseconds. */
import type { ErrorFacts } from "../../engine/error-facts.ts";
import type { WatchEvent } from "../../engine/watch/event.ts";
import type { Palette } from "./color.ts";
import { renderFailurePlace } from "./failure-place.ts";
import { formatElapsed, formatSize } from "./quantity.ts";

type Synced = Extract<WatchEvent, { type: "synced" }>;
type Notice = Extract<WatchEvent, { type: "notice" }>["notice"];

/** `pathOf` shortens an absolute path for people. Undefined: nothing worth a line. */
export function renderWatchEvent(
  event: WatchEvent,
  colors: Palette,
  pathOf: (path: string) => string,
): string | undefined {
  const good = (text: string): string => `${colors.green("watch")} ${text}`;
  const bad = (text: string): string => `${colors.red("watch")} ${text}`;
  const odd = (text: string): string => `${colors.yellow("watch")} ${text}`;
  switch (event.type) {
    case "ready":
      return event.services.length === 0
        ? odd("no service has anything to watch any more, waiting for the stack file")
        : good(`${event.services.join(", ")}: ${event.roots.map(pathOf).join(", ")}`);
    case "synced":
      return good(renderSynced(event, colors));
    case "started":
      return event.action === "rebuild"
        ? good(`${event.service}: building (${count(event.paths)} changed)`)
        : undefined;
    case "done":
      return good(`${event.service}: ${PAST[event.action]} ${colors.dim(`in ${elapsed(event.durationMs)}`)}`);
    case "superseded":
      return odd(`${event.service}: build stopped, a newer change came in`);
    case "failed":
      return bad(
        `${event.service}: ${FAILED[event.action]}${placeOf(event)}${renderError(event.error, colors)}`,
      );
    case "not-deleted":
      return odd(renderKept(event));
    case "restored":
      return good(
        `${event.service}: ${event.containers.join(", ")} ${event.containers.length > 1 ? "were" : "was"} removed, made again ${colors.dim(`in ${elapsed(event.durationMs)}`)}`,
      );
    case "gone":
      return odd(`${event.services.join(", ")}: no container is left, changes wait for a new one`);
    case "engine":
      return event.state === "back"
        ? good("the engine answers again")
        : bad(
            `the engine does not answer, trying again${event.error === undefined ? "" : `: ${event.error.message}`}`,
          );
    case "skipped-bind":
      return odd(`${event.service}: ${event.target} is a bind mount already, nothing to sync`);
    case "unreadable":
      return odd(`${pathOf(event.path)}: ${event.reason}, left out`);
    case "notice":
      return odd(renderNotice(event.notice, pathOf));
    case "reloaded":
      return renderReloaded(event, colors, pathOf);
    default:
      return event satisfies never;
  }
}

const PAST = { rebuild: "rebuilt and replaced", restart: "restarted", exec: "command run" } as const;
const FAILED = {
  sync: "sync failed",
  rebuild: "build failed, the old containers keep running",
  restart: "restart failed",
  exec: "command failed",
  restore: "a removed container could not be made again",
} as const;

function placeOf({ containers }: Extract<WatchEvent, { type: "failed" }>): string {
  return containers === undefined ? "" : ` in ${containers.join(", ")}`;
}

function renderSynced(event: Synced, colors: Palette): string {
  const { written, deleted, service, containers, example } = event;
  const only = written + deleted === 1 && example !== undefined;
  const what = only ? `${deleted === 1 ? "deleted " : ""}${example}` : parts(written, deleted);
  const where = containers.length > 1 ? ` to ${containers.length} containers` : "";
  const why =
    event.reason === "initial"
      ? " (initial)"
      : event.reason === "container-started"
        ? " (container started)"
        : "";
  const cost = [event.bytes > 100_000 ? formatSize(event.bytes) : "", elapsed(event.durationMs)].filter(
    (text) => text !== "",
  );
  return `${service}: ${what}${where}${why} ${colors.dim(cost.join(", "))}`;
}

function renderKept({ service, targets, reason }: Extract<WatchEvent, { type: "not-deleted" }>): string {
  const [first = ""] = targets;
  const what = targets.length === 1 ? first : `${first} and ${targets.length - 1} more`;
  return `${service}: ${what} stays in the container, ${reason}\n  a rebuild takes it away`;
}

function parts(written: number, deleted: number): string {
  const texts = [
    written > 0 ? `${count(written)} synced` : "",
    deleted > 0 ? `${count(deleted)} deleted` : "",
  ];
  return texts.filter((text) => text !== "").join(", ");
}

function renderReloaded(
  event: Extract<WatchEvent, { type: "reloaded" }>,
  colors: Palette,
  pathOf: (path: string) => string,
): string {
  const files = event.files.map(pathOf).join(", ");
  switch (event.outcome) {
    case "unchanged":
      return `${colors.green("watch")} ${files}: changed, nothing to do`;
    case "rules":
      return `${colors.green("watch")} ${files}: what is watched has changed`;
    case "applied":
      return `${colors.green("watch")} ${files}: applied ${colors.dim(`in ${elapsed(event.durationMs)}`)}`;
    case "invalid":
      return `${colors.red("watch")} ${files}: not valid, the last good state stays`;
    case "failed":
      return `${colors.red("watch")} ${files}: could not be applied${event.error === undefined ? "" : renderError(event.error, colors)}`;
    default:
      return event.outcome satisfies never;
  }
}

function renderError(error: ErrorFacts, colors: Palette): string {
  const place = renderFailurePlace(error.location, colors).map((line) => `\n${line}`);
  const details = [...place, ...(error.details ?? []).map((line) => `\n  | ${line}`)].join("");
  const hint = error.hint === undefined ? "" : `\n  ${colors.cyan("hint:")} ${error.hint}`;
  return `: ${error.message}${details}${hint}`;
}

function renderNotice(notice: Notice, pathOf: (path: string) => string): string {
  if (notice.type === "error") return notice.message;
  if (notice.reason === "silent") {
    return `${pathOf(notice.root)} is on a mount that does not tell of changes: looking at the files instead`;
  }
  const allowed = notice.allowed === undefined ? "" : ` (now ${notice.allowed})`;
  return (
    `the system's limit fs.inotify.${notice.limit}${allowed} is too low, more than ${notice.needed} are needed: ` +
    `looking at the files instead\n  raise it with: sudo sysctl fs.inotify.${notice.limit}=${roundUp(2 * Math.max(notice.needed, notice.allowed ?? 0))}`
  );
}

function roundUp(value: number): number {
  return Math.max(8192, 2 ** Math.ceil(Math.log2(value + 1)));
}

function count(files: number): string {
  return files === 1 ? "1 file" : `${files} files`;
}

function elapsed(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : formatElapsed(milliseconds);
}
