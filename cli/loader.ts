/**
 * Loads the program's own files, which need none of what Node's loader looks for (extensions, links, packages), with
 * V8's compiled code of earlier runs beside them: parsing and compiling half a megabyte of JavaScript would otherwise be
 * the largest part of a short run. Compiled code is kept in the user's cache directory. Deleting it loses nothing; when
 * it cannot be written, all that is lost is time. V8 itself refuses what belongs to another source text, version or set
 * of flags.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, sep } from "node:path";
import { Script } from "node:vm";
import { codeCache } from "./code-cache-state.ts";

interface OwnModule {
  exports: unknown;
}

type Load = (id: string) => unknown;

interface Compiled {
  readonly file: string;
  readonly script: Script;
}

/** Modules of Node that take milliseconds to load, and that many runs never come to use. */
const LATE = new Set([
  "node:child_process",
  "node:crypto",
  "node:fs/promises",
  "node:http2",
  "node:perf_hooks",
]);

/** Of one command: some three builds. */
const MOST_FILES = 150;
const LONG_MS = 10_000;

/**
 * Runs `entry`, a file beside this one.
 * @param builtin loads Node's own modules
 */
export function loadProgram(entry: string, builtin: Load): void {
  const modules = new Map<string, OwnModule>();
  const directory = cacheDirectory();
  const fresh: Compiled[] = [];
  const load: Load = (id) => {
    if (LATE.has(id)) return lateModule(() => builtin(id));
    if (!id.startsWith("./")) return builtin(id);
    const known = modules.get(id);
    if (known !== undefined) return known.exports;
    const module: OwnModule = { exports: {} };
    modules.set(id, module);
    const name = id.slice(2);
    const filename = __dirname + sep + name;
    const run = compile(name, filename).runInThisContext() as (this: unknown, ...args: unknown[]) => unknown;
    run.call(module.exports, module.exports, load, module, filename, __dirname);
    return module.exports;
  };
  const compile = (name: string, filename: string): Script => {
    // A function already: see `bundle.mjs`.
    const source = readFileSync(filename, "latin1");
    if (directory === undefined || codeCache.hasOtherFlags) return new Script(source, { filename });
    // The name carries a digest of the content. (V8 compares no more than the length.)
    const file = join(directory, codeCache.command, `${name}.bin`);
    const cachedData = readIfThere(file);
    const script = new Script(source, { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected === true) fresh.push({ file, script });
    return script;
  };
  // Not at once, so that functions compiled on their first call are kept, too; in a long run not at the end, when V8
  // has thrown away what ran at the start only.
  setTimeout(() => keep(fresh), LONG_MS).unref();
  process.on("exit", () => keep(fresh));
  load(entry);
}

/** Stands for a module, which is loaded when something of it is used, or when somebody lists what it has. */
function lateModule(load: () => unknown): object {
  const get = (): Record<PropertyKey, unknown> => load() as Record<PropertyKey, unknown>;
  return new Proxy(
    {},
    {
      get: (_, name) => get()[name],
      has: (_, name) => name in get(),
      ownKeys: () => Reflect.ownKeys(get()),
      getOwnPropertyDescriptor: (_, name) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(get(), name);
        // The object behind the proxy lacks it, and of what an object lacks nothing may be fixed.
        return descriptor === undefined ? undefined : { ...descriptor, configurable: true };
      },
    },
  );
}

function cacheDirectory(): string | undefined {
  const { env } = process;
  if (env["NODE_DISABLE_COMPILE_CACHE"] !== undefined) return undefined;
  const base = env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(base, "tcompose", "code", `${process.version}-${process.arch}`);
}

/**
 * Each command has files of its own, made by its first run: they hold the functions that it uses, which need no
 * compiling any more, and no others, which would take time to read.
 */
function keep(fresh: Compiled[]): void {
  try {
    if (codeCache.hasOtherFlags) return;
    for (const { file, script } of fresh.splice(0)) writeWhole(file, script.createCachedData());
  } catch {
    // No cache, then: a full disk or a read-only home must not be an error.
  }
}

/** Another run may read the file at the same moment. */
function writeWhole(file: string, data: Buffer): void {
  makeDirectory(dirname(file));
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, data);
  renameSync(temporary, file);
}

/** Files of earlier builds are never read again. */
function makeDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const files = readdirSync(directory);
  if (files.length < MOST_FILES) return;
  for (const file of files) rmSync(join(directory, file), { force: true });
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
