/**
 * What an engine can do, feature by feature, so that nothing a stack asks for is dropped in silence: a feature is
 * native, done by us in another way (emulated), or refused with the version that it needs. Pure.
 */
import { isAtLeast } from "./api-version.ts";

export type Feature =
  /** Several networks in one create call. Else: connect after create. */
  | "multi-endpoint-create"
  /** A MAC address per network. Else: one for the container, on its first network. */
  | "endpoint-mac-address"
  | "health-start-interval"
  | "image-mount"
  | "volume-subpath"
  | "interface-name"
  | "gateway-priority"
  | "annotations"
  | "cdi-devices"
  /** `enable_ipv4: false` */
  | "ipv4-switch"
  | "recursive-read-only-mount"
  /** `create_host_path` of the long bind form. Else: the short form, which always creates. */
  | "bind-create-host-path"
  /** BuildKit inside the engine. Else: the classic builder. */
  | "buildkit";

export type Support = "native" | "emulated" | "refused";

export interface Capability {
  readonly support: Support;
  /** What it would need to be native, e.g. `API 1.44 (Docker Engine 25.0)`. */
  readonly needs: string;
}

export type Capabilities = Readonly<Record<Feature, Capability>>;

interface Rule {
  /** First API version that has it. */
  readonly since: string;
  readonly otherwise: "emulated" | "refused";
  /** Podman's API does not have it at any version. */
  readonly dockerOnly?: boolean;
}

const RULES: Readonly<Record<Feature, Rule>> = {
  "multi-endpoint-create": { since: "1.44", otherwise: "emulated" },
  "endpoint-mac-address": { since: "1.44", otherwise: "emulated" },
  "health-start-interval": { since: "1.44", otherwise: "refused" },
  "image-mount": { since: "1.48", otherwise: "refused" },
  "volume-subpath": { since: "1.45", otherwise: "refused" },
  "interface-name": { since: "1.49", otherwise: "refused" },
  "gateway-priority": { since: "1.48", otherwise: "refused" },
  annotations: { since: "1.43", otherwise: "refused" },
  "cdi-devices": { since: "1.44", otherwise: "refused" },
  "ipv4-switch": { since: "1.48", otherwise: "refused" },
  "recursive-read-only-mount": { since: "1.44", otherwise: "refused" },
  "bind-create-host-path": { since: "1.42", otherwise: "emulated" },
  buildkit: { since: "1.41", otherwise: "emulated", dockerOnly: true },
};

/** First Docker Engine release with each API version. */
const DOCKER_RELEASES: Readonly<Record<string, string>> = {
  "1.41": "20.10",
  "1.42": "23.0",
  "1.43": "24.0",
  "1.44": "25.0",
  "1.45": "26.0",
  "1.46": "27.0",
  "1.47": "27.2",
  "1.48": "28.0",
  "1.49": "28.1",
  "1.50": "28.2",
  "1.51": "28.3",
};

export function capabilities(engine: {
  readonly apiVersion: string;
  readonly flavour: "docker" | "podman";
}): Capabilities {
  const entries = Object.entries(RULES).map(([feature, rule]) => {
    const isNative =
      isAtLeast(engine.apiVersion, rule.since) && !(rule.dockerOnly === true && engine.flavour !== "docker");
    const support: Support = isNative ? "native" : rule.otherwise;
    return [feature, { support, needs: needsOf(rule) }] as const;
  });
  return Object.fromEntries(entries) as unknown as Capabilities;
}

function needsOf({ since, dockerOnly }: Rule): string {
  const release = `Docker Engine ${DOCKER_RELEASES[since] ?? "newest"}`;
  return dockerOnly === true ? release : `API ${since} (${release})`;
}
