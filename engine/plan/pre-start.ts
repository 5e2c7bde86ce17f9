/**
 * `pre_start` hooks: each is a container of its own that shares the first replica's volumes and its networks, and ends
 * before any replica starts. They run whenever a service starts of which no replica runs: not beside those that serve
 * on, but also when all are replaced or restarted. One that fails stays for inspection until the next run; their labels are the peer's, without a config hash, so that no listing takes them for replicas.
 */
import type { ContainerCreateBody, EndpointSettings } from "../docker/types.ts";
import type { Hook } from "../../schema/model.ts";
import { label } from "../labels.ts";
import type { ObservedContainer } from "../observe/model.ts";
import { presentOperation, type SlotContext } from "./creation.ts";
import type { Cause, ImageCondition, OperationId, PreStartContainer } from "./operation.ts";
import { isUp, type Slot } from "./replicas.ts";
import { addRemoval } from "./stop.ts";

/** Ties the starts of a service to its hooks. `after`: what the service itself waits for. */
export function addPreStartHooks(
  context: SlotContext,
  starts: readonly OperationId[],
  after: readonly OperationId[],
): void {
  const { builder, plan, facts } = context;
  const [first] = plan.slots;
  const hooks = plan.service.service.pre_start ?? [];
  if (first === undefined || hooks.length === 0) return;
  const descent = descentOf(context);
  if (descent === undefined) return;
  const cause: Cause = first.cause;
  let last: readonly OperationId[] = [
    ...after,
    presentOperation(first, plan.mode),
    ...plan.slots.flatMap((slot) => endsOf(context, slot)),
    ...stale(context),
  ];
  hooks.forEach((hook, index) => {
    const image = facts.images.hookImage(hook);
    const id = builder.add(
      {
        id: `hook.run:${plan.service.name}/pre_start/${index}`,
        kind: "hook.run",
        phase: "pre_start",
        resource: { type: "service", name: plan.service.name, service: plan.service.name },
        cause,
        service: plan.service.name,
        container: first.name,
        index,
        hook,
        own: hookContainer(context, first, hook, index),
        ...descent,
      },
      [...last, ...(image === undefined ? [] : [image])],
    );
    last = [id];
  });
  for (const id of starts) for (const on of last) builder.order(id, on);
}

/**
 * That every running replica comes down before the start, for sure or only if an image changes. `undefined`: one of
 * them serves on, or may do so.
 */
function descentOf(context: SlotContext): { readonly onlyIf?: readonly ImageCondition[] } | undefined {
  const { plan, builder } = context;
  const running = plan.slots.filter(({ container }) => container !== undefined && isUp(container));
  if (running.length === 0) return {};
  if (plan.rolling !== undefined) return undefined;
  const ends = running.map((slot) => endsOf(context, slot));
  if (ends.some((ids) => ids.length === 0)) return undefined;
  const conditions = ends.flat().map((id) => builder.get(id)?.onlyIf);
  if (conditions.every((onlyIf) => onlyIf === undefined)) return {};
  const isSure = conditions.every((onlyIf) => onlyIf !== undefined) && running.length === plan.slots.length;
  return isSure ? { onlyIf: conditions.flatMap((onlyIf) => onlyIf ?? []) } : undefined;
}

/** What brings the present container of a slot down. */
function endsOf({ builder }: SlotContext, { name }: Slot): OperationId[] {
  return [`container.stop:${name}`, `container.remove:${name}`].filter((id) => builder.has(id));
}

/** Containers of hooks that failed or were cut short. */
export function addStaleHooks({ builder, facts, plan }: SlotContext): void {
  for (const container of staleHooks(facts.observed.containers, plan.service.name)) {
    const resource = { type: "container", name: container.name, service: plan.service.name } as const;
    const cause: Cause = { type: "leftover" };
    builder.change(resource, "remove", cause);
    addRemoval(builder, {
      container,
      resource,
      cause,
      hooks: [],
      timeoutSeconds: facts.policy.timeoutSeconds,
      after: [],
      volumes: true,
    });
  }
}

function stale({ facts, plan }: SlotContext): OperationId[] {
  return staleHooks(facts.observed.containers, plan.service.name).map(
    ({ name }) => `container.remove:${name}`,
  );
}

function staleHooks(containers: readonly ObservedContainer[], service: string): ObservedContainer[] {
  return containers.filter((each) => each.service === service && each.labels[label.hook] === "pre_start");
}

function hookContainer(
  { plan, peers, facts }: SlotContext,
  first: Slot,
  hook: Hook,
  index: number,
): PreStartContainer {
  const { service } = plan;
  const { body, connect } = service.request(first.number, peers);
  const { HostConfig: host } = body;
  const endpoints = Object.entries(body.NetworkingConfig?.EndpointsConfig ?? {});
  const environment = Object.entries(hook.environment ?? {}).map(([key, value]) =>
    value === null ? key : `${key}=${value}`,
  );
  const own: ContainerCreateBody = {
    Image: hook.image ?? body.Image,
    ...(hook.command === undefined || hook.command === null ? {} : { Cmd: hook.command }),
    ...(hook.user === undefined && hook.image !== undefined ? {} : withUser(hook.user ?? body.User)),
    ...(hook.working_dir === undefined ? {} : { WorkingDir: hook.working_dir }),
    Env: [...(body.Env ?? []), ...environment],
    Labels: {
      [label.project]: facts.desired.project.name,
      [label.service]: service.name,
      ...pickLabels(body.Labels ?? {}, [label.version, label.workingDir]),
      [label.oneoff]: "True",
      [label.hook]: "pre_start",
    },
    HostConfig: {
      VolumesFrom: [first.name],
      ...(host.NetworkMode === undefined ? {} : { NetworkMode: host.NetworkMode }),
      ...(host.ExtraHosts === undefined ? {} : { ExtraHosts: host.ExtraHosts }),
      ...(hook.privileged === true ? { Privileged: true } : {}),
    },
    ...(endpoints.length === 0
      ? {}
      : { NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints.map(([name]) => [name, {}])) } }),
  };
  return {
    name: `${facts.desired.project.name}-${service.name}-pre_start-${index}`,
    body: own,
    // The service's names and addresses are its replicas' own: nobody must reach a hook by them.
    connect: connect.map(({ network }): { network: string; endpoint: EndpointSettings } => ({
      network,
      endpoint: {},
    })),
  };
}

function withUser(user: string | undefined): { readonly User?: string } {
  return user === undefined ? {} : { User: user };
}

function pickLabels(
  labels: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])),
  );
}
