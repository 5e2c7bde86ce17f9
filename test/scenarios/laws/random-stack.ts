/**
 * Random stacks that a real engine can run: what is thrown is what services say of each other, of networks, volumes
 * and files, and settings of all kinds. Whatever is generated is valid, and comes up by itself within a second.
 */
import type { Dice } from "./dice.ts";
import type { Body, RandomStack, Shape, Surroundings } from "./model.ts";
import { randomNetworks, randomStorage, randomVolumes } from "./random-resources.ts";
import { randomSettings } from "./random-settings.ts";

const MAX_SERVICES = 4;
const RUN = ["sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait"];

export function randomStack(dice: Dice, around: Surroundings): RandomStack {
  const indexes = [0, 1, 2, 3].filter((index) => index === 0 || dice.chance(`s${index}`, 0.7));
  const shapes = indexes.map((index) => shapeOf(dice, index));
  const services = shapes.map((shape) => [shape.name, service(dice, shape, shapes, around)] as const);
  const stack = {
    services: Object.fromEntries(services),
    networks: randomNetworks(dice, around),
    volumes: randomVolumes(dice, around),
    configs: {
      inline: { content: `config ${dice.below("config", 3)}` },
      file: { file: "./config.txt" },
    },
    secrets: { file: { file: "./secret.txt" } },
  };
  const profiles = dice.chance("profile", 0.6) ? ["extra"] : [];
  const disabled = shapes.filter(({ profile }) => profile !== undefined && profiles.length === 0);
  return {
    files: {
      "compose.yaml": `${JSON.stringify(stack, undefined, 2)}\n`,
      "one.env": `FROM_FILE=${dice.below("env-file", 3)}\n`,
      "config.txt": `file ${dice.below("config-file", 3)}\n`,
      "secret.txt": `secret ${dice.below("secret-file", 3)}\n`,
      Dockerfile: `FROM ${around.image}\nENV BUILT=${dice.below("dockerfile", 2)}\nVOLUME /of-image\n`,
    },
    profiles,
    jobs: shapes.filter(({ isJob }) => isJob).map(({ name }) => name),
    disabled: disabled.map(({ name }) => name),
  };
}

function shapeOf(dice: Dice, index: number): Shape {
  const at = (name: string): string => `s${index}.${name}`;
  const isJob = dice.chance(at("job"), 0.2);
  const isNamed = dice.chance(at("container-name"), 0.15);
  return {
    name: dice.chance(at("renamed"), 0.15) ? `renamed${index}` : `s${index}`,
    index,
    isJob,
    isHealthy: !isJob && dice.chance(at("healthy"), 0.5),
    isNamed,
    scale: isNamed ? 1 : dice.pick(at("scale"), 1, 1, 1, 1, 2, 3, 0),
    // Nothing depends on the last one.
    profile: index === MAX_SERVICES - 1 && dice.chance(at("profile"), 0.3) ? "extra" : undefined,
  };
}

function service(dice: Dice, shape: Shape, all: readonly Shape[], around: Surroundings): Body {
  const at = (name: string): string => `s${shape.index}.${name}`;
  const others = all.filter(({ index }) => index < shape.index);
  const owners = others.filter(({ isJob, scale }) => !isJob && scale > 0);
  const owner = owners.length === 0 ? undefined : owners[dice.below(at("owner"), owners.length)];
  const isGuest = owner !== undefined && dice.chance(at("network-of"), 0.15);
  return {
    ...source(dice, shape, around),
    command: shape.isJob ? ["sh", "-c", "true"] : RUN,
    ...(shape.isNamed
      ? { container_name: `${around.project}-own-name-${shape.index}` }
      : { scale: shape.scale }),
    ...(shape.profile === undefined ? {} : { profiles: [shape.profile] }),
    ...restart(dice, shape),
    ...health(dice, shape),
    ...dependencies(dice, shape, others),
    ...(isGuest ? { network_mode: `service:${owner.name}` } : connections(dice, shape, around)),
    ...namespaces(dice, shape, owner),
    ...randomStorage(dice, shape, around),
    ...hooks(dice, shape),
    ...randomSettings(dice, at),
  };
}

function source(dice: Dice, { index }: Shape, around: Surroundings): Body {
  if (!dice.chance(`s${index}.build`, 0.08)) return { image: around.image };
  const named = dice.chance(`s${index}.image`, 0.5) ? { image: `${around.project}-built` } : {};
  return { build: { context: ".", network: "none" }, ...named };
}

/** A job that starts again whenever it has ended never gets done. */
function restart(dice: Dice, { index, isJob }: Shape): Body {
  if (!dice.chance(`s${index}.restart`, 0.3)) return {};
  const policies = isJob ? ["no", "on-failure:3"] : ["no", "always", "unless-stopped", "on-failure:3"];
  return { restart: policies[dice.below(`s${index}.policy`, policies.length)] };
}

function health(dice: Dice, { index, isHealthy }: Shape): Body {
  if (!isHealthy) return {};
  const test = dice.pick<unknown>(`s${index}.test`, "true", ["CMD", "true"], ["CMD-SHELL", "exit 0"]);
  const period = dice.chance(`s${index}.start-period`, 0.3) ? { start_period: "5s" } : {};
  return { healthcheck: { test, interval: dice.pick(`s${index}.interval`, "1s", "2s"), ...period } };
}

function dependencies(dice: Dice, shape: Shape, others: readonly Shape[]): Body {
  const at = (name: string): string => `s${shape.index}.${name}`;
  const needed = dice.some(at("depends"), 0.4, others).map((other) => {
    const met = other.isHealthy ? "service_healthy" : "service_started";
    const ended = other.isJob ? "service_completed_successfully" : met;
    const condition = dice.pick(at(`when.${other.index}`), "service_started", ended, ended);
    const restart = dice.chance(at(`restart.${other.index}`), 0.4);
    return [other.name, { condition, restart, required: dice.chance(at("required"), 0.9) }] as const;
  });
  return needed.length === 0 ? {} : { depends_on: Object.fromEntries(needed) };
}

function namespaces(dice: Dice, { index }: Shape, owner: Shape | undefined): Body {
  const at = (name: string): string => `s${index}.${name}`;
  const isIpcGuest = owner !== undefined && dice.chance(at("ipc"), 0.15);
  return {
    ipc: isIpcGuest ? `service:${owner.name}` : "shareable",
    ...(owner !== undefined && dice.chance(at("pid"), 0.1) ? { pid: `service:${owner.name}` } : {}),
    ...(owner !== undefined && dice.chance(at("volumes-from"), 0.2)
      ? { volumes_from: [`${owner.name}${dice.pick(at("volumes-from-mode"), "", ":ro")}`] }
      : {}),
  };
}

function connections(dice: Dice, { index, scale, isJob }: Shape, around: Surroundings): Body {
  const at = (name: string): string => `s${index}.${name}`;
  if (dice.chance(at("no-network"), 0.08)) return { network_mode: "none" };
  const attachment = (name: string): Body | null => {
    const settings = {
      ...(dice.chance(at(`aliases.${name}`), 0.4)
        ? { aliases: dice.some(at(name), 0.6, ["zed", "yon"]) }
        : {}),
      ...(name === "fixed" && scale === 1 && dice.chance(at("address"), 0.6)
        ? {
            ipv4_address: `10.213.${dice.pick("subnet", 61, 62)}.${10 + index * 2 + dice.below(at("last"), 2)}`,
          }
        : {}),
      ...(dice.chance(at(`priority.${name}`), 0.2)
        ? { priority: dice.pick(at(`value.${name}`), 10, 20) }
        : {}),
    };
    return Object.keys(settings).length === 0 ? null : settings;
  };
  const names = dice.some(at("networks"), 0.4, ["default", "plain", "fixed", "inner", "outside"]);
  return {
    ...(names.length === 0
      ? {}
      : { networks: Object.fromEntries(names.map((name) => [name, attachment(name)])) }),
    ...ports(dice, { index, scale, isJob }, around),
    ...(dice.chance(at("hostname"), 0.2) ? { hostname: dice.pick(at("host"), "one", "two") } : {}),
    ...(dice.chance(at("extra-hosts"), 0.2)
      ? { extra_hosts: [dice.pick(at("extra"), "a:10.1.1.1", "b:10.1.1.2")] }
      : {}),
    ...(dice.chance(at("domainname"), 0.1)
      ? { domainname: "example.test", dns_search: ["example.test"] }
      : {}),
    ...(dice.chance(at("expose"), 0.1) ? { expose: [dice.pick(at("exposed"), "80", "90/udp")] } : {}),
    ...(dice.chance(at("sysctls"), 0.1) ? { sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" } } : {}),
    ...(dice.chance(at("dns"), 0.1) ? { dns: [dice.pick(at("server"), "9.9.9.9", "1.1.1.1")] } : {}),
    ...(names.includes("outside") && dice.chance(at("external-links"), 0.3)
      ? { external_links: [`${around.externalContainer}:neighbour`] }
      : {}),
  };
}

function ports(
  dice: Dice,
  { index, scale }: Pick<Shape, "index" | "scale" | "isJob">,
  around: Surroundings,
): Body {
  const at = (name: string): string => `s${index}.${name}`;
  if (!dice.chance(at("ports"), 0.3)) return {};
  const target = dice.pick(at("target"), "80", "81", "53/udp");
  const fixed = `127.0.0.1:${around.ports[index]}:${target}`;
  return { ports: [scale === 1 && dice.chance(at("published"), 0.6) ? fixed : target] };
}

/** A command in a container needs one that runs. */
function hooks(dice: Dice, { index, isJob }: Shape): Body {
  const hook = (name: string): readonly Body[] => {
    const command = dice.pick<readonly string[]>(
      `s${index}.${name}.command`,
      ["true"],
      ["sh", "-c", "exit 0"],
    );
    return dice.chance(`s${index}.${name}`, 0.15) ? [{ command }] : [];
  };
  const found = {
    pre_start: hook("pre_start"),
    ...(isJob ? {} : { post_start: hook("post_start"), pre_stop: hook("pre_stop") }),
  };
  return Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0));
}
