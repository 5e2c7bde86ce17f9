/** Words of the random stacks. */

/** What is there before: the stack uses it and must leave it alone. */
export interface Surroundings {
  readonly project: string;
  readonly image: string;
  /** Free ports of the host, one a service. */
  readonly ports: readonly string[];
  readonly externalNetwork: string;
  readonly externalVolume: string;
  readonly externalContainer: string;
}

export interface RandomStack {
  /** By path in the stack's directory; `compose.yaml` among them. */
  readonly files: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
  /** Services that end by themselves. */
  readonly jobs: readonly string[];
  /** Not selected by a profile: what an earlier stack left of them stays. */
  readonly disabled: readonly string[];
}

export interface Shape {
  readonly name: string;
  readonly index: number;
  /** Ends by itself. */
  readonly isJob: boolean;
  readonly isHealthy: boolean;
  /** Has a name of its own, and therefore one container. */
  readonly isNamed: boolean;
  readonly scale: number;
  readonly profile: string | undefined;
}

export type Body = Readonly<Record<string, unknown>>;
