/**
 * Compiled code of the program's own files, kept in the user's cache directory. Node 22.8 and later bring this along;
 * before that it is done here. Deleting the directory loses nothing; when it cannot be written, all that is lost is
 * time. V8 itself refuses data that belongs to another source text, version or set of flags.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { homedir } from "node:os";
import { basename, dirname, join, sep } from "node:path";
import { Script } from "node:vm";

/** The part of Node's module class that loads a file's text; there is no public way to hook in before Node 22. */
interface ModuleLoader {
  _compile: (this: NodeJS.Module, content: string, filename: string) => unknown;
}

/** Some three builds. */
const MOST_FILES = 200;

interface NewerModule {
  enableCompileCache?(directory: string): unknown;
}

export function enableCodeCache(): void {
  const { env } = process;
  if (env["NODE_DISABLE_COMPILE_CACHE"] !== undefined) return;
  const base = env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const directory = join(base, "tcompose", "code", `${process.version}-${process.arch}`);
  const newer = Module as NewerModule;
  if (newer.enableCompileCache !== undefined) newer.enableCompileCache(directory);
  else hookLoader(directory);
}

function hookLoader(directory: string): void {
  const own = __dirname + sep;
  const fresh: { readonly file: string; readonly script: Script }[] = [];
  const loader = Module.prototype as unknown as ModuleLoader;
  const compile = loader._compile;
  loader._compile = function (this: NodeJS.Module, content: string, filename: string): unknown {
    if (!filename.startsWith(own)) return compile.call(this, content, filename);
    // The name carries a digest of the content. (V8 compares no more than the length.)
    const file = join(directory, `${basename(filename)}.bin`);
    const cachedData = readIfThere(file);
    const script = new Script(Module.wrap(content), { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected === true) fresh.push({ file, script });
    const run = script.runInThisContext() as (this: unknown, ...args: unknown[]) => unknown;
    const load = (id: string): unknown => this.require(id);
    return run.call(this.exports, this.exports, load, this, filename, dirname(filename));
  };
  // At the end, so that functions compiled on their first call are kept, too.
  process.on("exit", () => {
    try {
      if (fresh.length === 0) return;
      mkdirSync(directory, { recursive: true });
      forgetOld(directory);
      for (const { file, script } of fresh) writeWhole(file, script.createCachedData());
    } catch {
      // No cache, then: a full disk or a read-only home must not be an error.
    }
  });
}

/** Files of earlier builds are never read again. */
function forgetOld(directory: string): void {
  const files = readdirSync(directory);
  if (files.length < MOST_FILES) return;
  for (const file of files) rmSync(join(directory, file), { force: true });
}

/** Another run may read the file at the same moment. */
function writeWhole(file: string, data: Buffer): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, data);
  renameSync(temporary, file);
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
