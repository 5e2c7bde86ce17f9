/** How the caller wants a plan made. Everything optional has the behaviour of `up` without flags. */
import type { BuildOptions } from "./build-operation.ts";

export type RecreatePolicy = "diverged" | "force" | "never";

export interface UpPolicy {
  /** Services named by the user; the others of the state are their dependencies. Default: all. */
  readonly services?: readonly string[];
  /** For the named services. Default `diverged`. */
  readonly recreate?: RecreatePolicy;
  /** For services that are there as dependencies only. Default `diverged`. */
  readonly recreateDependencies?: RecreatePolicy;
  /**
   * Replacements start and get ready before what they replace stops; where that cannot be (fixed host ports), several
   * replicas are replaced one after the other.
   */
  readonly rolling?: boolean;
  /** Final names of containers to replace because the engine cannot start them any more. */
  readonly unstartable?: ReadonlySet<string>;
  readonly removeOrphans?: boolean;
  /** Say nothing about orphans. */
  readonly ignoreOrphans?: boolean;
  /** Default `missing`: build what has a `build` section and no image. */
  readonly build?: "always" | "missing" | "never";
  readonly buildOptions?: BuildOptions;
  /** Over each service's `pull_policy`. */
  readonly pull?: string;
  /** Wait until every named service is running and healthy, or complete. */
  readonly wait?: boolean;
  /** For each wait by itself: those of `wait`, and those of services for what they depend on. */
  readonly waitTimeoutMs?: number;
  /** Create only. */
  readonly noStart?: boolean;
  /** Give recreated containers new anonymous volumes; recreates the named services. */
  readonly renewAnonymousVolumes?: boolean;
  /** For every stop, over the services' own grace periods. */
  readonly timeoutSeconds?: number;
  /** Take over containers of the same project name that come from another working directory. */
  readonly adopt?: boolean;
  /** By decision id. */
  readonly answers?: Readonly<Record<string, boolean>>;
}

export interface DownPolicy {
  /** Only these services; networks and volumes stay while others use them. */
  readonly services?: readonly string[];
  readonly removeOrphans?: boolean;
  /** Named volumes of the project and anonymous ones. */
  readonly volumes?: boolean;
  /** Images: those without a name of their own, or all that the services use. */
  readonly images?: "local" | "all";
  readonly timeoutSeconds?: number;
  readonly adopt?: boolean;
  readonly answers?: Readonly<Record<string, boolean>>;
}

export interface LifecyclePolicy {
  readonly services?: readonly string[];
  readonly timeoutSeconds?: number;
  /** `restart`: leave out dependents that ask to be restarted along. */
  readonly noDependents?: boolean;
}
