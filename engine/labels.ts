/**
 * Ownership and state live in labels: the peer's own (so that other tools see our stacks and we see theirs) and
 * `dev.tcompose.*` for what goes beyond them.
 */
const COMPOSE = "com.docker.compose";
const OWN = "dev.tcompose";

export const label = {
  project: `${COMPOSE}.project`,
  service: `${COMPOSE}.service`,
  /** 1-based replica number; absent on one-off containers. */
  containerNumber: `${COMPOSE}.container-number`,
  /** "True" or "False". */
  oneoff: `${COMPOSE}.oneoff`,
  workingDir: `${COMPOSE}.project.working_dir`,
  /** Comma-separated absolute paths. */
  configFiles: `${COMPOSE}.project.config_files`,
  environmentFile: `${COMPOSE}.project.environment_file`,
  /** The peer's SHA-256 of the resolved service, network or volume. */
  configHash: `${COMPOSE}.config-hash`,
  /** Image id or digest the container was created from. */
  image: `${COMPOSE}.image`,
  /** `name:condition:restart,...` */
  dependsOn: `${COMPOSE}.depends_on`,
  /** Name or id of the container that this one replaces; present while a recreate is under way. */
  replace: `${COMPOSE}.replace`,
  slug: `${COMPOSE}.slug`,
  network: `${COMPOSE}.network`,
  volume: `${COMPOSE}.volume`,
  version: `${COMPOSE}.version`,
  hook: `${COMPOSE}.hook`,
  /** Our canonical specification as JSON (secret values as digests), so that a difference can name fields. */
  spec: `${OWN}.spec`,
  /** Version of the specification's form. A container with another version is compared by the peer's labels alone. */
  specVersion: `${OWN}.spec-version`,
  /** `pre_stop` hooks as JSON, for stops by a stack that no longer has the service. */
  preStop: `${OWN}.pre-stop`,
  instance: `${OWN}.instance`,
  lease: `${OWN}.lease`,
} as const;

export const SPEC_VERSION = "2";

/** The release of the peer whose labels and hashes these are: what tools that read `version` expect. */
export const PEER_VERSION = "2.40.3";
