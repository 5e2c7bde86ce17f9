/** Cases of the differential corpus: real stack files and what the peer makes of them. */
import { createHash } from "node:crypto";
import { realpathSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createFileSystem } from "../../cli/files.ts";
import { canonicalServiceJson } from "../../schema/canonical.ts";
import type { FileSystem, LoadOptions } from "../../schema/files.ts";
import { load, loadDocument } from "../../schema/load.ts";
import { printDocumentJson, printStackJson } from "../../schema/print-json.ts";

export interface CaseInfo {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Folder of the cases; undefined where there is none. */
export function corpusFolder(): string | undefined {
  const root = realPath(
    process.env["TCOMPOSE_CORPUS"] ?? join(import.meta.dirname, "../../../shared/corpus"),
  );
  const open = join(root, "open");
  return existsSync(open)
    ? open
    : existsSync(root) && process.env["TCOMPOSE_CORPUS"] !== undefined
      ? root
      : undefined;
}

/** Watched paths are resolved: the corpus must be named the same way. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

export function listCases(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "case.json")))
    .map((name) => join(folder, name));
}

export function readIf(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

const HOME = "/nonexistent-home";

/** Where a case seems to lie: deep enough for files above it, and like no path in a stack file. */
const SEEMING_PARENT = "/tcompose-corpus/a/b/c/d/e";

/** The case's files at another place, so that no path of this machine shows in results. */
function mountedFiles(folder: string): { files: FileSystem; seeming: string } {
  const real = createFileSystem();
  const seeming = `${SEEMING_PARENT}/${basename(folder)}`;
  const toReal = (path: string): string =>
    path === seeming || path.startsWith(`${seeming}/`) ? folder + path.slice(seeming.length) : path;
  const files: FileSystem = {
    read: (path) => real.read(toReal(path)),
    stat: (path) => real.stat(toReal(path)),
    realpath: (path) => real.realpath(toReal(path)).replace(folder, seeming),
  };
  return { files, seeming };
}

/** The text with the machine's paths replaced as in the golden files. */
function withTokens(text: string, caseFolder: string): string {
  const folder = `${SEEMING_PARENT}/${basename(caseFolder)}`;
  const replacements: [string, string][] = [
    [folder, "${CASE_DIR}"],
    [HOME, "${HOME_DIR}"],
    [process.env["PATH"] ?? "", "${PATH_VALUE}"],
  ];
  for (let parent = dirname(folder), i = 1; i <= 5; parent = dirname(parent), i += 1)
    replacements.push([parent, `\${CASE_PARENT${i}}`]);
  replacements.sort((a, b) => b[0].length - a[0].length);
  return replacements.reduce((result, [path, token]) => {
    const escaped = path.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    return path === "" ? result : result.replace(new RegExp(`${escaped}(?![A-Za-z0-9_-])`, "g"), () => token);
  }, text);
}

const LISTS: Readonly<Record<string, string>> = {
  "-f": "configFiles",
  "--file": "configFiles",
  "--profile": "profiles",
  "--env-file": "envFiles",
};
const SINGLES: Readonly<Record<string, string>> = {
  "-p": "projectName",
  "--project-name": "projectName",
  "--project-directory": "projectDirectory",
};

function optionsOf(info: CaseInfo, folder: string): LoadOptions {
  const { files, seeming } = mountedFiles(folder);
  const options: Record<string, unknown> = {
    files,
    cwd: seeming,
    home: HOME,
    env: { PATH: process.env["PATH"], HOME, ...info.env },
  };
  for (let i = 0; i < info.args.length; i += 1) {
    const [flag = "", inline] = (info.args[i] ?? "").split(/=(.*)/s, 2);
    if (flag === "--all-resources") {
      options["allResources"] = true;
      continue;
    }
    const value = inline ?? info.args[(i += 1)];
    const list = LISTS[flag];
    const single = SINGLES[flag];
    if (list !== undefined) options[list] = [...((options[list] as string[] | undefined) ?? []), value];
    else if (single !== undefined) options[single] = value;
    else throw new Error(`the case uses a flag that this test does not know: ${flag}`);
  }
  return options as unknown as LoadOptions;
}

export type Outcome =
  | { readonly accepted: true; readonly value: unknown }
  | { readonly accepted: false; readonly problems: string };

function rejected(diagnostics: readonly { readonly severity: string; readonly message: string }[]): Outcome {
  return {
    accepted: false,
    problems: diagnostics
      .filter((d) => d.severity === "error")
      .map((d) => d.message)
      .join("\n"),
  };
}

export function resolvedOutcome(info: CaseInfo, folder: string): Outcome {
  const result = load(optionsOf(info, folder));
  if (!result.ok) return rejected(result.diagnostics);
  return { accepted: true, value: JSON.parse(withTokens(printStackJson(result.stack), folder)) };
}

export function writtenOutcome(info: CaseInfo, folder: string): Outcome {
  const result = loadDocument({ ...optionsOf(info, folder), skip: { interpolation: true } });
  if (!result.ok) return rejected(result.diagnostics);
  return { accepted: true, value: JSON.parse(withTokens(printDocumentJson(result.document), folder)) };
}

export function hashOutcome(info: CaseInfo, folder: string): Outcome {
  const result = load({ ...optionsOf(info, folder), skip: { environmentResolution: true } });
  if (!result.ok) return rejected(result.diagnostics);
  const hashes = Object.entries(result.stack.services).map(([name, service]) => {
    const { label_file: _, ...hashed } = service;
    return [name, createHash("sha256").update(canonicalServiceJson(hashed)).digest("hex")];
  });
  return { accepted: true, value: Object.fromEntries(hashes) };
}
