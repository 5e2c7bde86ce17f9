import type { ReadOnlyEngine } from "../docker/api.ts";

/** Whether the container has a TTY, which decides how its log is framed. */
export async function inspectTty(engine: ReadOnlyEngine, id: string, signal: AbortSignal): Promise<boolean> {
  return (await engine.inspectContainer(id, { signal })).Config.Tty === true;
}
