/** What a build request has to know of the engine that carries it out. */
export interface BuilderFacts {
  /** For messages, e.g. `Docker 28.5.2`. */
  readonly engineName: string;
  /** Address of the host as containers see it, for `host-gateway`. */
  readonly hostGateway: string | undefined;
  /** Holds several platforms of an image, and lets the builder write more kinds of caches. */
  readonly hasContainerdStore: boolean;
}
