/** What the Docker CLI's configuration says about command lines. */
import type { Environment } from "./agents.ts";
import { readSetting } from "./context.ts";
import { readText } from "./read-text.ts";

interface ConfigPlace {
  readonly env: Environment;
  readonly home: string;
}

/** Keys that leave a container running, e.g. `ctrl-p,ctrl-q`; undefined: the engine's own. */
export function configuredDetachKeys({ env, home }: ConfigPlace): Promise<string | undefined> {
  return readSetting({ env, home, readText }, "detachKeys");
}

/** Default of `ps --format`. */
export function configuredPsFormat({ env, home }: ConfigPlace): Promise<string | undefined> {
  return readSetting({ env, home, readText }, "psFormat");
}
