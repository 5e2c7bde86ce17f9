/** Mounts, volumes, configs and secrets. */
import type { Row } from "./row.ts";

const FILES = { config: { text: "from a file\n" }, secret: { text: "hidden\n" } };

export const storageRows: readonly Row[] = [
  {
    name: "bind",
    service: { volumes: ["./made:/made:ro"] },
    container: { HostConfig: { Binds: ["DIR/made:/made:ro"] } },
  },
  {
    name: "bind in the long form",
    service: {
      volumes: [
        {
          type: "bind",
          source: "./there",
          target: "/there",
          read_only: true,
          consistency: "cached",
          bind: { propagation: "rslave", create_host_path: false },
        },
      ],
    },
    container: {
      HostConfig: {
        Mounts: [
          {
            Type: "bind",
            Source: "DIR/there",
            Target: "/there",
            ReadOnly: true,
            BindOptions: { Propagation: "rslave" },
          },
        ],
      },
    },
  },
  {
    name: "bind.selinux",
    service: { volumes: [{ type: "bind", source: "./there", target: "/there", bind: { selinux: "z" } }] },
    container: { HostConfig: { Binds: ["DIR/there:/there:rw,z"] } },
  },
  {
    name: "bind.recursive: disabled",
    service: {
      volumes: [{ type: "bind", source: "./there", target: "/there", bind: { recursive: "disabled" } }],
    },
    container: { HostConfig: { Mounts: [{ Type: "bind", BindOptions: { NonRecursive: true } }] } },
  },
  {
    name: "bind.recursive: readonly",
    service: {
      volumes: [
        {
          type: "bind",
          source: "./there",
          target: "/there",
          read_only: true,
          bind: { recursive: "readonly", propagation: "rprivate" },
        },
      ],
    },
    container: { HostConfig: { Mounts: [{ Type: "bind", BindOptions: { ReadOnlyForceRecursive: true } }] } },
    feature: "recursive-read-only-mount",
    attribute: "bind.recursive: readonly",
  },
  {
    name: "volume",
    service: { volumes: ["data:/data", "/anonymous"] },
    top: {
      volumes: {
        data: {
          driver: "local",
          driver_opts: { type: "tmpfs", device: "tmpfs", o: "size=1m" },
          labels: { "my.label": "v" },
        },
      },
    },
    container: {
      HostConfig: { Binds: ["PROJECT_data:/data:rw"], Mounts: [{ Type: "volume", Target: "/anonymous" }] },
    },
    volume: {
      data: {
        Driver: "local",
        Options: { type: "tmpfs", device: "tmpfs", o: "size=1m" },
        Labels: { "my.label": "v", "com.docker.compose.volume": "data" },
      },
    },
    hostMayLack: /project quota/i,
  },
  {
    name: "volume in the long form",
    service: {
      volumes: [
        {
          type: "volume",
          source: "named",
          target: "/named",
          read_only: true,
          volume: { nocopy: true, labels: { mine: "yes" } },
        },
      ],
    },
    top: { volumes: { named: { name: "PROJECT-another-name" } } },
    container: {
      HostConfig: {
        Mounts: [
          {
            Type: "volume",
            Source: "PROJECT-another-name",
            Target: "/named",
            ReadOnly: true,
            VolumeOptions: { NoCopy: true, Labels: { mine: "yes" } },
          },
        ],
      },
    },
    volume: { named: { Name: "PROJECT-another-name" } },
  },
  {
    name: "volume.subpath",
    service: { volumes: [{ type: "volume", source: "parts", target: "/part", volume: { subpath: "a/b" } }] },
    top: { volumes: { parts: {} } },
    container: { HostConfig: { Mounts: [{ Type: "volume", VolumeOptions: { Subpath: "a/b" } }] } },
    feature: "volume-subpath",
    attribute: "volume.subpath",
  },
  {
    name: "tmpfs mount",
    service: { volumes: [{ type: "tmpfs", target: "/scratch", tmpfs: { size: "1m", mode: 0o700 } }] },
    container: { HostConfig: { Tmpfs: { "/scratch": "size=1048576,mode=700" } } },
  },
  {
    name: "tmpfs",
    service: { tmpfs: ["/run:size=1m", "/tmp"] },
    container: { HostConfig: { Tmpfs: { "/run": "size=1m", "/tmp": "" } } },
  },
  {
    name: "image mount",
    service: {
      volumes: [
        {
          type: "image",
          source: "tcompose-test/busybox:latest",
          target: "/image",
          image: { subpath: "bin" },
        },
      ],
    },
    container: {
      HostConfig: { Mounts: [{ Type: "image", Target: "/image", ImageOptions: { Subpath: "bin" } }] },
    },
    feature: "image-mount",
    attribute: "volumes type: image",
  },
  { name: "owner", service: { volumes: ["/owned"] }, container: {} },
  {
    name: "volumes_from",
    service: { volumes_from: ["owner:ro"] },
    container: { HostConfig: { VolumesFrom: ["PROJECT-owner-1:ro"] } },
  },
  {
    name: "use_api_socket",
    service: { use_api_socket: true },
    container: { HostConfig: { Binds: ["/var/run/docker.sock:/var/run/docker.sock"] } },
    ignored: ["use_api_socket (registry credentials)"],
  },
  {
    name: "configs and secrets from files",
    service: {
      configs: ["file_config"],
      secrets: [{ source: "file_secret", target: "token", uid: "1", gid: "2", mode: "0400" }],
    },
    top: {
      configs: { file_config: { file: "./config.txt" } },
      secrets: { file_secret: { file: "./secret.txt" } },
    },
    container: {
      HostConfig: {
        Mounts: [
          { Type: "bind", Source: "DIR/config.txt", Target: "/file_config", ReadOnly: true },
          { Type: "bind", Source: "DIR/secret.txt", Target: "/run/secrets/token", ReadOnly: true },
        ],
      },
    },
    files: { "/file_config": FILES.config, "/run/secrets/token": FILES.secret },
    ignored: ["secrets file_secret: uid, gid, mode (from a file)"],
  },
  {
    name: "configs and secrets from text",
    service: {
      configs: [
        { source: "text_config", target: "/etc/app/config", uid: "7", gid: "8", mode: "0440" },
        "env_config",
      ],
      secrets: [{ source: "env_secret", uid: "9", gid: "10", mode: "0400" }],
    },
    top: {
      configs: { text_config: { content: "some text" }, env_config: { environment: "ATTRIBUTE_VALUE" } },
      secrets: { env_secret: { environment: "ATTRIBUTE_VALUE" } },
    },
    files: {
      "/etc/app/config": { text: "some text", owner: "7:8", mode: "440" },
      "/env_config": { text: "of the environment", mode: "444" },
      "/run/secrets/env_secret": { text: "of the environment", owner: "9:10", mode: "400" },
    },
  },
  {
    name: "external config",
    service: { configs: ["far"] },
    top: { configs: { far: { external: true } } },
    refused: "configs.far.external needs a Swarm",
  },
  {
    name: "external secret",
    service: { secrets: ["far_secret"] },
    top: { secrets: { far_secret: { external: true } } },
    refused: "secrets.far_secret.external needs a Swarm",
  },
  {
    name: "config template",
    service: { configs: ["templated"] },
    top: { configs: { templated: { content: "x", template_driver: "golang" } } },
    refused: "configs.templated.template_driver needs a Swarm",
  },
  {
    name: "secret driver",
    service: { secrets: ["driven"] },
    top: { secrets: { driven: { file: "./secret.txt", driver: "vault", driver_opts: { a: "b" } } } },
    refused: "secrets.driven.driver needs a Swarm",
  },
  {
    name: "secret template",
    service: { secrets: ["shaped"] },
    top: { secrets: { shaped: { file: "./secret.txt", template_driver: "golang" } } },
    refused: "secrets.shaped.template_driver needs a Swarm",
  },
];
