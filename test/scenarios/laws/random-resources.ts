/** Networks and volumes of random stacks, and what services mount. */
import type { Dice } from "./dice.ts";
import type { Body, Shape, Surroundings } from "./model.ts";

export function randomNetworks(dice: Dice, around: Surroundings): Body {
  const subnet = `10.213.${dice.pick("subnet", 61, 62)}`;
  const pool = dice.chance("gateway", 0.5) ? { gateway: `${subnet}.1` } : {};
  return {
    plain: {
      ...labels(dice, "plain"),
      ...(dice.chance("masquerade", 0.3)
        ? { driver_opts: { "com.docker.network.bridge.enable_ip_masquerade": "false" } }
        : {}),
      ...(dice.chance("network-name", 0.2) ? { name: `${around.project}-own-network` } : {}),
    },
    fixed: { ...labels(dice, "fixed"), ipam: { config: [{ subnet: `${subnet}.0/24`, ...pool }] } },
    inner: { internal: dice.chance("internal", 0.7), attachable: dice.chance("attachable", 0.3) },
    outside: { external: true, name: around.externalNetwork },
  };
}

export function randomVolumes(dice: Dice, around: Surroundings): Body {
  const disk = { driver_opts: { type: "tmpfs", device: "tmpfs", o: "size=1m" } };
  return {
    data: {
      ...labels(dice, "data"),
      ...(dice.chance("volume-name", 0.2) ? { name: `${around.project}-own-volume` } : {}),
    },
    cache: { ...(dice.chance("volume-options", 0.3) ? disk : {}) },
    outside: { external: true, name: around.externalVolume },
  };
}

function labels(dice: Dice, name: string): Body {
  return dice.chance(`label.${name}`, 0.3) ? { labels: { of: dice.pick(`of.${name}`, "one", "two") } } : {};
}

export function randomStorage(dice: Dice, { index }: Shape, _around: Surroundings): Body {
  const at = (name: string): string => `s${index}.${name}`;
  const mounts: readonly unknown[] = [
    dice.pick(at("data"), "data:/data", "data:/data:ro"),
    { type: "volume", source: "cache", target: "/cache", volume: { nocopy: true } },
    "outside:/outside",
    dice.pick(at("anonymous"), "/scratch", "/other-scratch"),
    dice.pick(at("bind"), "./config.txt:/bound.txt:ro", "./one.env:/bound.txt"),
    { type: "bind", source: "./made", target: "/made", bind: { create_host_path: true } },
    {
      type: "tmpfs",
      target: "/quick",
      tmpfs: { size: dice.pick<string | number>(at("quick"), "1m", 2_097_152) },
    },
  ];
  const volumes = dice.some(at("volume"), 0.22, mounts);
  const configs = dice.some(at("config"), 0.15, [
    "inline",
    { source: "file", target: "/etc/file.conf" },
    { source: "inline", target: "/etc/inline.conf", mode: 0o400 },
  ]);
  const found = {
    volumes,
    configs,
    secrets: dice.some(at("secret"), 0.15, ["file"]),
    tmpfs: dice.some(at("tmpfs"), 0.1, ["/fast"]),
    env_file: dice.some(at("env-file"), 0.2, ["one.env"]),
  };
  return Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0));
}
