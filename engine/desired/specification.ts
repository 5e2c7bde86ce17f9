/**
 * The canonical specification of a resource: what concerns the engine and nothing else, with paths as in the stack
 * file. It goes into the label `dev.tcompose.spec`, so that a later plan can name the field that changed.
 */
import type { FileReference, Mount, Network, Service, Volume } from "../../schema/model.ts";
import { compact, nonEmpty } from "../compact.ts";
import { sha256 } from "../hash.ts";
import { imageName } from "../ref.ts";
import { seccompProfilePath } from "./contents.ts";
import type { ServiceContext } from "./container/context.ts";
import { volumeName } from "./container/mounts.ts";
import type { Specification } from "./model.ts";
import { showValue } from "./secret.ts";

/** Concerns building, ordering, or tcompose itself: a change needs no new container. */
const NOT_IN_CONTAINER: ReadonlySet<string> = new Set([
  "attach",
  "build",
  "depends_on",
  "develop",
  "extends",
  "post_start",
  "pre_start",
  "pre_stop",
  "profiles",
  "provider",
  "pull_policy",
  "scale",
  "credential_spec",
  "models",
]);

export function serviceSpecification(context: ServiceContext): Specification {
  const { service, stack, name, contents } = context;
  const plain = Object.fromEntries(
    Object.entries(service).filter(([key]) => !NOT_IN_CONTAINER.has(key) && !key.startsWith("x-")),
  );
  return dropEmpty({
    ...plain,
    image: service.image ?? imageName(stack, name),
    deploy: deploySpecification(service),
    environment: environmentSpecification(context),
    networks: networksSpecification(context),
    volumes: service.volumes?.map((mount) => mountSpecification(context, mount)),
    configs: service.configs?.map((reference) => fileSpecification(reference, contents.configs)),
    secrets: service.secrets?.map((reference) => fileSpecification(reference, contents.secrets)),
    security_opt: service.security_opt?.map((option) => securitySpecification(context, option)),
  });
}

export function networkSpecification(network: Network): Specification {
  const { driver, driver_opts, ipam, internal, attachable, labels, enable_ipv4, enable_ipv6 } = network;
  return dropEmpty({ driver, driver_opts, ipam, internal, attachable, labels, enable_ipv4, enable_ipv6 });
}

export function volumeSpecification(volume: Volume): Specification {
  return dropEmpty({
    driver: volume.driver,
    driver_opts: volume.driver_opts,
    labels: volume.labels,
  });
}

function deploySpecification({ deploy }: Service): unknown {
  if (deploy === undefined) return undefined;
  const { limits, reservations } = deploy.resources ?? {};
  const { condition, max_attempts } = deploy.restart_policy ?? {};
  const reserved = { memory: reservations?.memory, devices: reservations?.devices };
  return {
    resources: { limits, reservations: reserved },
    restart_policy: { condition, max_attempts },
  };
}

function environmentSpecification({ service: { environment }, stack, name }: ServiceContext): unknown {
  if (environment === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [key, showValue(`${stack.name}/${name}`, key, value)]),
  );
}

/** Networks with their names on the engine: another name is another network. */
function networksSpecification({ service, stack }: ServiceContext): unknown {
  if (service.networks === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(service.networks).map(([key, settings]) => [
      key,
      { ...settings, name: stack.networks[key]?.name ?? key },
    ]),
  );
}

function mountSpecification(context: ServiceContext, mount: Mount): unknown {
  if (mount.type !== "volume" || mount.source === undefined) return mount;
  return { ...mount, source: volumeName(context, mount.source) };
}

function fileSpecification(reference: FileReference, digests: Readonly<Record<string, string>>): unknown {
  return { ...reference, ...compact({ content: digests[reference.source] }) };
}

function securitySpecification({ stack, contents }: ServiceContext, option: string): string {
  const path = seccompProfilePath(stack, option);
  const profile = path === undefined ? undefined : contents.seccomp[path];
  return profile === undefined ? option : `${option} (sha256:${sha256(profile)})`;
}

/** Empty lists and objects mean the same as absent ones, except for what `[]` clears: command and entrypoint. */
function dropEmpty(specification: Readonly<Record<string, unknown>>): Specification {
  const entries = Object.entries(specification).map(([key, value]): [string, unknown] => {
    if (key === "command" || key === "entrypoint") return [key, value ?? undefined];
    return [key, withoutEmpty(value)];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value))
    return value.length === 0 ? undefined : value.map((item) => withoutEmpty(item) ?? item);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value)
    .map(([key, member]): [string, unknown] => [key, withoutEmpty(member)])
    .filter(([, member]) => member !== undefined);
  return nonEmpty(Object.fromEntries(members));
}
