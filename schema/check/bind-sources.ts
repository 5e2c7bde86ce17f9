/** Bind mounts whose source is not there: what `up` would make of them without a word. */
import { posix } from "node:path";
import type { Diagnostic } from "../diagnostic.ts";
import type { FileSystem } from "../files.ts";
import { isSilencedAt, type Silences } from "../lint/silence.ts";
import type { Mount, Stack } from "../model.ts";
import { type Finding, toDiagnostic } from "./report.ts";

const CODE = "missing-path";
/** Folders named in one warning. */
const MOST_NAMED = 4;
/** Sources looked for: of more nobody reads a warning, and each costs a call of the system. */
const MOST_SOUGHT = 10_000;

interface Missing {
  readonly source: string;
  readonly finding: Finding;
  /** A folder that the engine makes, and that may well be meant to be made. */
  readonly isFolder: boolean;
}

/**
 * One warning for each source that is probably a mistake (a file, or nothing that the engine would make), and one for all
 * folders that the engine will make, which is what a first run often wants. Less what comments silence.
 */
export function bindSourceWarnings(
  stack: Stack,
  files: Pick<FileSystem, "stat">,
  silences: Silences,
): Diagnostic[] {
  const warnings: Diagnostic[] = [];
  const folders: { readonly source: string; readonly warning: Diagnostic }[] = [];
  const seen = new Set<string>();
  let sought = 0;
  for (const [name, service] of Object.entries(stack.services)) {
    for (const [index, mount] of (service.volumes ?? []).entries()) {
      if ((sought += 1) > MOST_SOUGHT) break;
      const missing = missingSource(name, index, mount, files);
      if (missing === undefined || seen.has(missing.source)) continue;
      const warning = toDiagnostic(missing.finding, (path) => stack.locate(path));
      if (isSilencedAt(silences, CODE, warning.range)) continue;
      seen.add(missing.source);
      if (missing.isFolder) folders.push({ source: missing.source, warning });
      else warnings.push(warning);
    }
  }
  const [first] = folders;
  if (first === undefined) return warnings;
  if (folders.length === 1) return [...warnings, first.warning];
  const message = `${folders.length} mounted folders do not exist: ${listed(folders.map(({ source }) => near(source, stack.workingDir)))}`;
  const hint = "the engine will make empty folders there, owned by root";
  return [...warnings, { ...first.warning, message, hint }];
}

/** What is missing of a mount; undefined where nothing is, or where paths are not resolved. */
export function missingSource(
  service: string,
  index: number,
  mount: Mount,
  files: Pick<FileSystem, "stat">,
): Missing | undefined {
  const source = mount.source ?? "";
  if (mount.type !== "bind" || !source.startsWith("/") || files.stat(source) !== "missing") return undefined;
  // Any option without it means that the folder must be there.
  const isCreated = mount.bind === undefined || mount.bind.create_host_path === true;
  const isFile = isFileName(source) && isFileName(mount.target ?? "");
  const finding: Finding = {
    severity: "warning",
    code: CODE,
    message: `service "${service}" mounts "${source}", which does not exist`,
    path: ["services", service, "volumes", index, "source"],
    hint: !isCreated
      ? 'create it, or set "bind.create_host_path: true"; without it the container will not start'
      : isFile
        ? "the engine will make an empty folder there, where a file seems to be meant"
        : "the engine will make an empty folder there, owned by root",
  };
  return { source, finding, isFolder: isCreated && !isFile };
}

/** `nginx.conf`, but neither `.cache` nor `conf.d`. */
function isFileName(path: string): boolean {
  const extension = posix.extname(path);
  return extension !== "" && extension !== ".d";
}

function near(path: string, directory: string): string {
  return path.startsWith(`${directory}/`) ? `.${path.slice(directory.length)}` : path;
}

function listed(names: readonly string[]): string {
  const hidden = names.length - MOST_NAMED;
  return hidden <= 0 ? names.join(", ") : `${names.slice(0, MOST_NAMED).join(", ")} and ${hidden} more`;
}
