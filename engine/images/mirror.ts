/**
 * Docker Hub's mirrors that the engine is set up with, and who may log in to them. The engine's classic image store
 * gives a mirror whatever credentials a pull brings (those of Docker Hub); the containerd store gives credentials to the
 * host that they name and to no other, so that a mirror's own can be sent without Docker Hub ever seeing them.
 */
import type { CallOptions, EngineApi } from "../docker/api.ts";
import { isContainerdStore } from "./store.ts";
import type { RegistryAuth, RegistryCredentials } from "./auth.ts";

export interface HubMirrors {
  /** With port, in the order in which the engine asks them. */
  readonly hosts: readonly string[];
  readonly haveOwnCredentials: boolean;
}

/** GET /info. Meant for a pull that failed: where nothing can be learned either, there are none. */
export async function readHubMirrors(
  engine: Pick<EngineApi, "info">,
  options: CallOptions,
): Promise<HubMirrors> {
  try {
    const info = await engine.info(options);
    const hosts = (info.RegistryConfig?.Mirrors ?? []).map((url) =>
      URL.canParse(url) ? new URL(url).host : url,
    );
    return { hosts, haveOwnCredentials: isContainerdStore(info) };
  } catch {
    return { hosts: [], haveOwnCredentials: false };
  }
}

/** Credentials of the first mirror that has some of its own, where they can be sent. */
export async function mirrorAuth(
  { hosts, haveOwnCredentials }: HubMirrors,
  credentials: RegistryCredentials,
  signal: AbortSignal,
): Promise<RegistryAuth | undefined> {
  if (!haveOwnCredentials) return undefined;
  for (const host of hosts) {
    const auth = await credentials.forHost(host, signal);
    if (auth !== undefined) return auth;
  }
  return undefined;
}

/** What to do when a mirror may be the reason; undefined without mirrors. */
export function mirrorHint({ hosts, haveOwnCredentials }: HubMirrors): string | undefined {
  const [first] = hosts;
  if (first === undefined) return undefined;
  const login = haveOwnCredentials
    ? `run "docker login ${first}"`
    : `run "docker login" with it: the engine gives its mirrors the credentials of Docker Hub`;
  return `the engine asks its mirror ${hosts.join(", ")} first: if that wants a password, ${login}`;
}
