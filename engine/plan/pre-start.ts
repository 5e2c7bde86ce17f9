/**
 * `pre_start` hooks: each is a container of its own that shares the first replica's volumes and its networks, and ends
 * before any replica starts. They run when no replica of the service runs. One that fails stays for inspection until
 * the next run; their labels are the peer's, without a config hash, so that no listing takes them for replicas.
 */
import type { ContainerCreateBody, EndpointSettings } from "../docker/types.ts";
import type { Hook } from "../../schema/model.ts";
import { label } from "../labels.ts";
import type { ObservedContainer } from "../observe/model.ts";
import { presentOperation, type SlotContext } from "./creation.ts";
import type { Cause, OperationId, PreStartContainer } from "./operation.ts";
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
  const isServing = plan.slots.some(({ container }) => container !== undefined && isUp(container));
  if (first === undefined || hooks.length === 0 || isServing) return;
  const cause: Cause = first.cause;
  let last: readonly OperationId[] = [...after, presentOperation(first, plan.mode), ...stale(context)];
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
      },
      [...last, ...(image === undefined ? [] : [image])],
    );
    last = [id];
  });
  for (const id of starts) for (const on of last) builder.order(id, on);
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
