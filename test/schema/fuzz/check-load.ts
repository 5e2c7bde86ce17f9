/** What must hold for every input, however broken: the laws of the fuzz run. */
import { posix } from "node:path";
import { renderDiagnostics } from "../../../cli/render/diagnostic.ts";
import type { Diagnostic, SourceFile } from "../../../schema/diagnostic.ts";
import type { FileSystem } from "../../../schema/files.ts";
import { lint } from "../../../schema/lint/lint.ts";
import { load, loadDocument, loadVariables } from "../../../schema/load.ts";
import { printStackJson } from "../../../schema/print-json.ts";
import { printStackYaml } from "../../../schema/print-yaml.ts";

const ROOT = "/work/app";

/** A broken promise: what, and the text that did it. */
export class BrokenLaw extends Error {}

/** Problems of what no text says: files named on the command line, or none at all. */
const WITHOUT_PLACE: ReadonlySet<string> = new Set(["no-stack-file", "file-not-found", "env-file-not-found"]);

export function inMemory(files: ReadonlyMap<string, string>): FileSystem {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent))
      folders.add(parent);
  }
  const near = (path: string): string =>
    path === ROOT ? "." : path.startsWith(`${ROOT}/`) ? path.slice(ROOT.length + 1) : path;
  return {
    read(path) {
      const text = files.get(near(path));
      if (text !== undefined) return { kind: "text", text };
      return folders.has(near(path)) ? { kind: "directory" } : { kind: "missing" };
    },
    stat: (path) =>
      files.has(near(path))
        ? "file"
        : near(path) === "." || folders.has(near(path))
          ? "directory"
          : "missing",
    realpath: (path) => path,
  };
}

/** Loads in all ways that commands do. Answers whether the stack is valid; throws BrokenLaw, or what the loader threw. */
export function checkLoad(files: ReadonlyMap<string, string>, configFiles: readonly string[]): boolean {
  const options = { files: inMemory(files), cwd: ROOT, home: "/home/me", env: { PATH: "/bin" }, configFiles };
  const result = load(options);
  const sources = result.ok ? result.stack.sources : result.sources;
  checkDiagnostics(result.diagnostics, sources);
  renderDiagnostics(result.diagnostics, sources, { color: false, width: 80, cwd: ROOT });
  const written = loadDocument({ ...options, skip: { interpolation: true } });
  if (!written.ok) checkDiagnostics(written.diagnostics, written.sources);
  loadVariables(options);
  checkDiagnostics(lint(result), sources);
  if (!result.ok) {
    if (!result.diagnostics.some((d) => d.severity === "error"))
      throw new BrokenLaw("rejected without an error");
    return false;
  }
  JSON.parse(printStackJson(result.stack));
  checkPrinted(printStackYaml(result.stack));
  return true;
}

/** What is printed is YAML, at least. (Some of it means something else on purpose, where the peer prints it so.) */
function checkPrinted(yaml: string): void {
  const { diagnostics } = load({
    files: inMemory(new Map([["compose.yaml", yaml]])),
    cwd: ROOT,
    home: "/home/me",
    env: {},
  });
  const [first] = diagnostics.filter((d) => d.code.startsWith("yaml-"));
  if (first !== undefined) throw new BrokenLaw(`the printed stack is no YAML: ${first.message}\n${yaml}`);
}

function checkDiagnostics(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[]): void {
  const lengths = new Map(sources.map((source) => [source.path, source.text.length]));
  for (const { code, message, severity, range, related } of diagnostics) {
    if (range === undefined && severity === "error" && !WITHOUT_PLACE.has(code)) {
      throw new BrokenLaw(`no place for ${code}: ${message}`);
    }
    for (const { file, start, end } of [range, ...(related ?? []).map((item) => item.range)].filter(
      (one) => one !== undefined,
    )) {
      const length = lengths.get(file);
      if (length === undefined) throw new BrokenLaw(`${code} points into a file that was not read: ${file}`);
      if (!(start >= 0 && start <= end && end <= length))
        throw new BrokenLaw(`${code} points outside of ${file}: ${start}-${end} of ${length}`);
    }
  }
}
