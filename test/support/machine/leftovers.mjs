/** What tests left on an engine. Everything that a test makes is in a project, or has a name, with the tests' prefix. */
import { call } from "../../../examples/demo/engine-api.mjs";

export const TEST_PREFIX = "tct-";
const PROJECT = "com.docker.compose.project";

/**
 * @param {string} endpoint
 * @param {string} [prefix] of the project, or of the name
 * @returns {Promise<string[]>} `container NAME`, `network NAME`, `volume NAME`
 */
export async function listLeftovers(endpoint, prefix = TEST_PREFIX) {
  const [containers, networks, volumes] = await Promise.all(
    ["/containers/json?all=1", "/networks", "/volumes"].map(async (path) =>
      JSON.parse((await call(endpoint, { path })).text),
    ),
  );
  const isOurs = (name, labels) => name.startsWith(prefix) || (labels?.[PROJECT] ?? "").startsWith(prefix);
  return [
    ...containers.map((c) => ["container", (c.Names[0] ?? c.Id).replace(/^\//, ""), c.Labels]),
    ...networks.map((n) => ["network", n.Name, n.Labels]),
    ...(volumes.Volumes ?? []).map((v) => ["volume", v.Name, v.Labels]),
  ]
    .filter(([, name, labels]) => isOurs(name, labels))
    .map(([kind, name]) => `${kind} ${name}`)
    .toSorted();
}
