/**
 * A scenario is one directory with one owner and one obligation: the built command line against the real engine.
 * Each gets a copy of its directory and a project name of its own. What it made is removed at its end; what is still
 * there when all have run fails the run (machine/leftovers).
 */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { it } from "vitest";
import { TEST_PREFIX } from "../machine/leftovers.mjs";
import { keepArtifacts } from "./artifacts.ts";
import { baseEnvironment, Cli, type Result } from "./cli.ts";
import { removeProject } from "./cleanup.ts";
import { ENGINE } from "./engine-socket.ts";
import { EngineView } from "./engine-view.ts";
import { Recorder, type RecorderOptions } from "./recorder.ts";
import { StackCopy } from "./stack-copy.ts";

export interface Scenario {
  readonly cli: Cli;
  readonly engine: EngineView;
  readonly stack: StackCopy;
  readonly project: string;
  /** A socket in front of the engine that keeps every call; give it to a command with `cli.with(...)`. */
  record(options?: RecorderOptions): Promise<Recorder>;
  /** Runs at the end, whatever happens. */
  atEnd(work: () => Promise<unknown>): void;
}

/**
 * @param intent what the product owes, as a sentence
 * @param file `import.meta.filename` of the test: its directory is the stack
 */
export function scenario(intent: string, file: string, body: (scenario: Scenario) => Promise<void>): void {
  it(intent, async () => {
    const project = `${TEST_PREFIX}${randomBytes(4).toString("hex")}`;
    const stack = await StackCopy.of(dirname(file));
    const engine = new EngineView(project);
    const results: Result[] = [];
    const ends: (() => Promise<unknown>)[] = [];
    const env = baseEnvironment(stack.directory, ENGINE);
    await mkdir(stack.path("home"));
    const cli = new Cli({
      cwd: stack.directory,
      project,
      env,
      onResult: (result) => results.push(result),
      running: new Set(),
    });
    const record = async (options?: RecorderOptions): Promise<Recorder> => {
      const recorder = await Recorder.open(stack.path(`engine-${ends.length}.sock`), options);
      ends.push(() => recorder.close());
      return recorder;
    };
    try {
      await body({ cli, engine, stack, project, record, atEnd: (work) => ends.push(work) });
    } catch (error) {
      // What still runs has something to tell, too.
      await cli.stopAll();
      const folder = await keepArtifacts({ intent, results, engine, stack });
      if (error instanceof Error) error.message += `\n(kept: ${folder})`;
      throw error;
    } finally {
      await cli.stopAll();
      for (const end of ends.toReversed()) await end();
      await removeProject(project);
      await stack.remove();
    }
  });
}
