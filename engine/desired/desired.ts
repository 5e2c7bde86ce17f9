/** A stack becomes the state that the engine should be in. Pure. */
import type { Dependency, Service, Stack } from "../../schema/model.ts";
import { RefusedError, UsageError } from "../error.ts";
import { sortTopologically } from "../graph.ts";
import { lazy } from "../lazy.ts";
import { imageName } from "../ref.ts";
import { withBuildContexts } from "./build-contexts.ts";
import { CapabilityCheck, type EngineFacts } from "./capability.ts";
import { serviceHash, serviceHashTemplate } from "./config-hash.ts";
import { nameOf, type ServiceContext } from "./container/context.ts";
import { fileCopies } from "./container/files.ts";
import { healthcheckKind } from "./container/health.ts";
import { toContainerRequest } from "./container/request.ts";
import { checkUnsupported } from "./container/unsupported.ts";
import type { Contents } from "./contents.ts";
import type { DesiredService, DesiredState } from "./model.ts";
import { desiredModels, withModelVariables, type ModelFacts } from "./models.ts";
import { onChangeOf } from "./on-change.ts";
import { toDesiredNetwork, toDesiredVolume } from "./resources.ts";
import { servicePlatform } from "./platform.ts";
import { referencedService } from "./service-reference.ts";
import { readinessOf, updateSettingsOf } from "./update-settings.ts";
import { serviceSpecification } from "./specification.ts";

export interface DesiredOptions {
  readonly engine: EngineFacts;
  /** Digests of configs and secrets, see `readContents`. */
  readonly contents: Contents;
  /** Absent: no service uses models, or nothing is started. */
  readonly models?: ModelFacts | undefined;
  /** Replicas by service, over what the stack says. */
  readonly scale?: Readonly<Record<string, number>>;
}

/** @throws RefusedError when the stack needs what the engine does not have: all reasons at once */
export function toDesiredState(declared: Stack, options: DesiredOptions): DesiredState {
  const stack = withModelVariables(declared, options.models);
  const check = new CapabilityCheck(options.engine);
  const scale = replicasOf(stack, options.scale);
  const { proxies = {} } = options.engine;
  const services = orderServices(stack).map((name): DesiredService => {
    const service = stack.services[name] ?? {};
    const replicas = scale[name] ?? 1;
    const { contents } = options;
    return toDesiredService({ stack, name, service, replicas, check, contents, proxies, scale });
  });
  const state: DesiredState = {
    project: {
      name: stack.name,
      workingDir: stack.workingDir,
      configFiles: stack.configFiles,
      environmentFiles: stack.environmentFiles,
    },
    services,
    unselected: Object.keys(stack.disabledServices).filter((name) => stack.services[name] === undefined),
    buildContexts: buildContexts(stack),
    networks: Object.entries(stack.networks).map(([key, network]) =>
      toDesiredNetwork(stack, key, network, check),
    ),
    volumes: Object.entries(stack.volumes).map(([key, volume]) => toDesiredVolume(stack, key, volume)),
    models: desiredModels(stack, options.models),
    // Requests are mapped once here, so that everything the engine cannot take is known before planning.
    warnings: checkRequests(services, check),
    locate: (path) => stack.locate(path),
  };
  check.throwRefusals();
  return state;
}

function desiredImage(stack: Stack, name: string, service: Service): DesiredService["image"] {
  const platform = servicePlatform(stack, service);
  return {
    reference: service.image ?? imageName(stack, name),
    ...(platform === undefined ? {} : { platform }),
    buildable: service.build !== undefined,
    pullPolicy: service.pull_policy ?? "missing",
  };
}

function buildContexts(stack: Stack): DesiredState["buildContexts"] {
  return [...withBuildContexts(stack)]
    .filter(([name]) => stack.services[name] === undefined)
    .map(([name, service]) => ({ name, service, image: desiredImage(stack, name, service) }));
}

function checkRequests(
  services: readonly DesiredService[],
  check: CapabilityCheck,
): DesiredState["warnings"] {
  for (const service of services) {
    if (service.service.provider === undefined) service.request(1);
  }
  return check.warnings();
}

function toDesiredService(context: ServiceContext): DesiredService {
  const { stack, name, service, replicas, check } = context;
  if (service.container_name !== undefined && replicas > 1) {
    throw new UsageError(`services.${name}: container_name allows one replica, not ${replicas}`, {
      hint: "remove `container_name`, or run one container",
    });
  }
  checkUnsupported(context);
  const image = desiredImage(stack, name, service);
  const specification = serviceSpecification(context);
  const hash = lazy(() => serviceHash(service));
  const attachedTo = attachedServices(stack, name);
  const hashTemplate = serviceHashTemplate(service, attachedTo);
  return {
    name,
    service,
    replicas,
    specification,
    get configHash() {
      return hash();
    },
    ...(hashTemplate === undefined ? {} : { hashTemplate }),
    image,
    dependencies: dependenciesOf(stack, name),
    attachedTo,
    copies: fileCopies(context),
    onChange: onChangeOf(service),
    update: updateSettingsOf(stack, service),
    readiness: readinessOf(stack, service),
    updatable: check.has("update-in-place"),
    earlyCreation: check.has("early-creation"),
    healthcheck: healthcheckKind(context),
    containerName: (number) => nameOf(stack, name, number),
    request: (number, peers) =>
      toContainerRequest(context, { number, configHash: hash, specification, image: image.reference }, peers),
  };
}

function replicasOf(
  stack: Stack,
  override: Readonly<Record<string, number>> | undefined,
): Readonly<Record<string, number>> {
  for (const name of Object.keys(override ?? {})) {
    if (stack.services[name] === undefined) throw new RefusedError(`cannot scale "${name}": no such service`);
  }
  return Object.fromEntries(
    Object.entries(stack.services).map(([name, service]) => [
      name,
      override?.[name] ?? service.scale ?? service.deploy?.replicas ?? 1,
    ]),
  );
}

/** Dependencies first; otherwise as in the stack. Cycles are the loader's to refuse, a rest is kept in file order. */
function orderServices(stack: Stack): string[] {
  const graph = new Map(
    Object.keys(stack.services).map((name) => [name, Object.keys(dependenciesOf(stack, name))]),
  );
  const { order, cycle } = sortTopologically(graph);
  if (cycle !== undefined) throw new RefusedError(`services depend on each other: ${cycle.join(" -> ")}`);
  return [...order];
}

/** `depends_on`, and what links and shared namespaces imply. Only services that are part of the stack now. */
function dependenciesOf(stack: Stack, name: string): Record<string, Dependency> {
  const service = stack.services[name];
  const linked = (service?.links ?? []).map((link) => link.split(":")[0] ?? link);
  const implied: Record<string, Dependency> = {};
  for (const other of attachedServices(stack, name)) {
    implied[other] = { condition: "service_started", required: true };
  }
  for (const other of linked)
    implied[other] = { condition: "service_started", restart: true, required: true };
  const all = Object.entries({ ...implied, ...service?.depends_on });
  return Object.fromEntries(all.filter(([other]) => other !== name && stack.services[other] !== undefined));
}

/** Services named by `network_mode`, `ipc`, `pid` and `volumes_from`. */
function attachedServices(stack: Stack, name: string): string[] {
  const service = stack.services[name];
  if (service === undefined) return [];
  const modes = [service.network_mode, service.ipc, service.pid].flatMap(
    (mode) => referencedService(mode) ?? [],
  );
  const volumes = (service.volumes_from ?? [])
    .filter((text) => !text.startsWith("container:"))
    .map((text) => text.split(":")[0] ?? text);
  return [...new Set([...modes, ...volumes])].filter((other) => stack.services[other] !== undefined);
}
