/** One-off containers: a service's container with another command, run once. */
import { randomBytes } from "node:crypto";
import type { DesiredService } from "../desired/model.ts";
import type { EngineApi } from "../docker/api.ts";
import type { ContainerCreateBody, PortBinding } from "../docker/types.ts";
import { label } from "../labels.ts";
import { PlanBuilder } from "../plan/builder.ts";
import type { OperationId, Plan } from "../plan/operation.ts";

export interface OneOffOptions {
  readonly project: string;
  readonly name?: string | undefined;
  /** Instead of the service's. */
  readonly nameSeparator: "-" | "_";
  readonly command?: readonly string[] | undefined;
  readonly entrypoint?: readonly string[] | undefined;
  /** `KEY=value`, over the service's. */
  readonly env?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly user?: string | undefined;
  readonly workdir?: string | undefined;
  readonly tty: boolean;
  readonly stdin: boolean;
  /** Publish the service's ports; otherwise only `publish`. */
  readonly servicePorts: boolean;
  readonly publish?: Readonly<Record<string, readonly PortBinding[]>>;
  readonly binds?: readonly string[];
  /** The container answers to the service's names on its networks. */
  readonly useAliases: boolean;
  /** Beside the service's own. */
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
}

/** Creates the container and attaches it to its networks. Answers its id and name. */
export async function createOneOff(
  engine: EngineApi,
  service: DesiredService,
  options: OneOffOptions,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly name: string }> {
  const slug = randomBytes(32).toString("hex");
  const name =
    options.name ?? [options.project, service.name, "run", slug.slice(0, 12)].join(options.nameSeparator);
  const { body, connect } = service.request(1);
  const { id } = await engine.createContainer(name, oneOffBody(body, slug, service.name, options), {
    signal,
    platform: service.image.platform,
  });
  for (const { network, endpoint } of connect) {
    await engine.connectNetwork(network, id, withoutAliases(endpoint, service.name, options), { signal });
  }
  return { id, name };
}

/** Puts the configs and secrets that have no file on the host into the container. */
export function planOneOffCopies(project: string, { name, copies }: DesiredService, container: string): Plan {
  const builder = new PlanBuilder();
  builder.add({
    id: `container.copy:${container}`,
    kind: "container.copy",
    resource: { type: "container", name: container, service: name },
    cause: { type: "requested" },
    service: name,
    container,
    files: copies,
  });
  return builder.build(project, () => "");
}

/** The service's `post_start` hooks inside the container, one after the other. */
export function planOneOffHooks(project: string, { name, service }: DesiredService, container: string): Plan {
  const builder = new PlanBuilder();
  let last: readonly OperationId[] = [];
  (service.post_start ?? []).forEach((hook, index) => {
    const id = builder.add(
      {
        id: `hook.run:${container}/post_start/${index}`,
        kind: "hook.run",
        phase: "post_start",
        resource: { type: "container", name: container, service: name },
        cause: { type: "requested" },
        service: name,
        container,
        index,
        hook,
      },
      last,
    );
    last = [id];
  });
  return builder.build(project, () => "");
}

function oneOffBody(
  body: ContainerCreateBody,
  slug: string,
  service: string,
  options: OneOffOptions,
): ContainerCreateBody {
  const { [label.containerNumber]: _number, ...labels } = body.Labels ?? {};
  const networks = Object.entries(body.NetworkingConfig?.EndpointsConfig ?? {}).map(
    ([network, endpoint]) => [network, withoutAliases(endpoint, service, options)] as const,
  );
  return {
    ...body,
    ...(options.command === undefined ? {} : { Cmd: options.command }),
    ...(options.entrypoint === undefined ? {} : { Entrypoint: options.entrypoint }),
    ...(options.user === undefined ? {} : { User: options.user }),
    ...(options.workdir === undefined ? {} : { WorkingDir: options.workdir }),
    Env: mergeVariables(body.Env ?? [], options.env ?? []),
    Labels: { ...labels, [label.oneoff]: "True", [label.slug]: slug, ...options.labels },
    Tty: options.tty,
    OpenStdin: options.stdin,
    StdinOnce: options.stdin,
    AttachStdin: options.stdin,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      ...body.HostConfig,
      RestartPolicy: { Name: "no" },
      PortBindings: { ...(options.servicePorts ? body.HostConfig.PortBindings : {}), ...options.publish },
      Binds: [...(body.HostConfig.Binds ?? []), ...(options.binds ?? [])],
      CapAdd: [...(body.HostConfig.CapAdd ?? []), ...options.capAdd],
      CapDrop: [...(body.HostConfig.CapDrop ?? []), ...options.capDrop],
    },
    ...(body.NetworkingConfig === undefined
      ? {}
      : { NetworkingConfig: { EndpointsConfig: Object.fromEntries(networks) } }),
  };
}

/** Other containers must not reach a one-off when they mean the service. */
function withoutAliases<T extends { readonly Aliases?: readonly string[] | null }>(
  endpoint: T,
  service: string,
  { useAliases, project, nameSeparator }: OneOffOptions,
): T {
  if (useAliases) return endpoint;
  const numbered = [project, service, 1].join(nameSeparator);
  const own = (alias: string): boolean => alias !== service && alias !== numbered;
  return { ...endpoint, Aliases: (endpoint.Aliases ?? []).filter(own) };
}

function mergeVariables(base: readonly string[], over: readonly string[]): string[] {
  const nameOf = (variable: string): string => variable.split("=", 1)[0] ?? variable;
  const replaced = new Set(over.map(nameOf));
  return [...base.filter((variable) => !replaced.has(nameOf(variable))), ...over];
}
