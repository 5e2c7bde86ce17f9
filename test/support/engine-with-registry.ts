/** For a scenario file: an engine of its own, and a registry that this engine alone reaches. */
import { afterAll } from "vitest";
import { PrivateEngine } from "./private-engine.ts";
import { startRegistryAt } from "./registry.ts";
import type { scenario as scenarioFunction } from "./scenario/scenario.ts";

export interface EngineWithRegistry {
  readonly engine: PrivateEngine;
  readonly scenario: typeof scenarioFunction;
}

/**
 * Both end with the file. Import nothing that uses the engine under test before.
 * @param host of the registry, as the engine sees it
 * @param size of the engine's disk, e.g. `128m`
 */
export async function openEngineWithRegistry(
  host: string,
  size: string,
  {
    settings,
    withAuth = false,
  }: { readonly settings?: Readonly<Record<string, unknown>>; readonly withAuth?: boolean } = {},
): Promise<EngineWithRegistry> {
  const engine = await PrivateEngine.open(size, settings);
  const registry = await startRegistryAt(host, engine.inItsNetwork, withAuth);
  afterAll(async () => {
    registry.stop();
    await engine.close();
  });
  // Read when the modules of scenarios load.
  process.env["TCOMPOSE_TEST_ENGINE"] = engine.endpoint;
  const { scenario } = await import("./scenario/scenario.ts");
  return { engine, scenario };
}
