/** The attributes of services and top-level resources, in the order in which they are printed. */
import {
  boolean,
  bytes,
  command,
  deviceCount,
  duration,
  envFile,
  exactDuration,
  exactInteger,
  exactString,
  exactUnsigned,
  fileMode,
  flag,
  float,
  healthTest,
  hosts,
  integer,
  mapping,
  multiOptions,
  sshKeys,
  string,
  stringOrStrings,
  strings,
  stringsOrNumbers,
  swappiness,
  throttleDevice,
  ulimit,
  unsigned,
  variables,
  weight,
  weightDevice,
} from "./leaves.ts";
import type { Field, ObjectShape } from "./shape.ts";
import { list, object, record } from "./shape.ts";

const hidden = (shape: Field["shape"]): Field => ({ shape, hidden: true });

const fileReference = object({
  source: { shape: exactString, required: "" },
  target: string,
  uid: string,
  gid: string,
  mode: fileMode,
});

const build = object({
  context: string,
  dockerfile: string,
  dockerfile_inline: string,
  entitlements: strings,
  args: variables,
  provenance: string,
  sbom: string,
  ssh: sshKeys,
  labels: mapping,
  cache_from: stringOrStrings,
  cache_to: stringOrStrings,
  no_cache: flag,
  no_cache_filter: hidden(stringOrStrings),
  additional_contexts: mapping,
  pull: flag,
  extra_hosts: hosts,
  isolation: string,
  network: string,
  target: string,
  secrets: list(fileReference),
  shm_size: bytes,
  tags: stringOrStrings,
  ulimits: record(ulimit),
  platforms: stringOrStrings,
  privileged: flag,
});

const hook = object({
  command: { shape: command, json: null },
  user: string,
  privileged: flag,
  working_dir: string,
  environment: variables,
  image: hidden(string),
  per_replica: hidden(boolean),
});

const watchRule = object({
  path: { shape: exactString, json: "" },
  action: { shape: exactString, json: "" },
  target: string,
  exec: { shape: hook, json: { command: null } },
  include: strings,
  ignore: strings,
  initial_sync: flag,
});

const throttles = list(throttleDevice);

const blkio = object({
  weight,
  weight_device: list(weightDevice),
  device_read_bps: throttles,
  device_read_iops: throttles,
  device_write_bps: throttles,
  device_write_iops: throttles,
});

const deviceRequest = object({
  capabilities: strings,
  driver: string,
  count: deviceCount,
  device_ids: strings,
  options: mapping,
});

const resource = object({
  cpus: float,
  memory: bytes,
  pids: integer,
  devices: list(deviceRequest),
  generic_resources: list(
    object({
      discrete_resource_spec: object({
        kind: { shape: string, json: "" },
        value: { shape: exactInteger, json: 0 },
      }),
    }),
  ),
});

const updateConfig = object({
  parallelism: exactUnsigned,
  delay: duration,
  failure_action: string,
  monitor: duration,
  max_failure_ratio: float,
  order: string,
});

const deploy = object({
  mode: string,
  replicas: exactInteger,
  labels: mapping,
  update_config: updateConfig,
  rollback_config: updateConfig,
  resources: { shape: object({ limits: resource, reservations: resource }), json: {} },
  restart_policy: object({
    condition: string,
    delay: exactDuration,
    max_attempts: exactUnsigned,
    window: exactDuration,
  }),
  placement: {
    shape: object({
      constraints: strings,
      preferences: list(object({ spread: string })),
      max_replicas_per_node: unsigned,
    }),
    json: {},
  },
  endpoint_mode: string,
});

const healthcheck = object({
  test: healthTest,
  timeout: exactDuration,
  interval: exactDuration,
  retries: exactUnsigned,
  start_period: exactDuration,
  start_interval: exactDuration,
  disable: flag,
});

const serviceNetwork = object({
  aliases: strings,
  driver_opts: mapping,
  gw_priority: integer,
  interface_name: string,
  ipv4_address: string,
  ipv6_address: string,
  link_local_ips: strings,
  mac_address: string,
  priority: integer,
});

const mount = object({
  type: string,
  source: string,
  target: { shape: exactString, required: "" },
  read_only: flag,
  consistency: string,
  bind: object({ selinux: string, propagation: string, create_host_path: flag, recursive: string }),
  volume: object({ labels: mapping, nocopy: flag, subpath: string }),
  tmpfs: object({ size: bytes, mode: unsigned }),
  image: object({ subpath: string }),
});

const port = object({
  name: string,
  mode: string,
  host_ip: string,
  target: unsigned,
  published: string,
  protocol: string,
  app_protocol: string,
});

export const serviceShape: ObjectShape = object({
  profiles: strings,
  annotations: mapping,
  attach: boolean,
  build,
  develop: object({ watch: list(watchRule) }),
  blkio_config: blkio,
  cap_add: strings,
  cap_drop: strings,
  cgroup_parent: string,
  cgroup: string,
  cpu_count: integer,
  cpu_percent: float,
  cpu_period: integer,
  cpu_quota: integer,
  cpu_rt_period: integer,
  cpu_rt_runtime: integer,
  cpus: float,
  cpuset: string,
  cpu_shares: integer,
  command: { shape: command, json: null },
  configs: list(fileReference),
  container_name: string,
  credential_spec: object({ config: string, file: string, registry: string }),
  depends_on: record(object({ condition: string, restart: flag, required: { shape: boolean, json: false } })),
  deploy,
  device_cgroup_rules: strings,
  devices: list(object({ source: string, target: string, permissions: string })),
  dns: stringOrStrings,
  dns_opt: strings,
  dns_search: stringOrStrings,
  domainname: string,
  entrypoint: { shape: command, json: null },
  provider: object({ type: string, options: multiOptions }),
  environment: variables,
  env_file: list(envFile),
  expose: stringsOrNumbers,
  extends: object({ file: string, service: string }),
  external_links: strings,
  extra_hosts: hosts,
  group_add: strings,
  gpus: list(deviceRequest),
  hostname: string,
  healthcheck,
  image: string,
  init: boolean,
  ipc: string,
  isolation: string,
  labels: mapping,
  label_file: strings,
  links: strings,
  logging: object({ driver: string, options: mapping }),
  mem_limit: bytes,
  mem_reservation: bytes,
  memswap_limit: bytes,
  mem_swappiness: { shape: swappiness, quoted: true },
  mac_address: string,
  models: record(object({ endpoint_var: string, model_var: string }), true),
  network_mode: string,
  networks: record(serviceNetwork, true),
  oom_kill_disable: flag,
  oom_score_adj: integer,
  pid: string,
  pids_limit: integer,
  platform: string,
  ports: list(port),
  privileged: flag,
  pull_policy: string,
  read_only: flag,
  restart: string,
  runtime: string,
  scale: exactInteger,
  secrets: list(fileReference),
  security_opt: strings,
  shm_size: bytes,
  stdin_open: flag,
  stop_grace_period: exactDuration,
  stop_signal: string,
  storage_opt: mapping,
  sysctls: mapping,
  tmpfs: stringOrStrings,
  tty: flag,
  ulimits: record(ulimit),
  use_api_socket: flag,
  user: string,
  userns_mode: string,
  uts: string,
  volumes: list(mount),
  volumes_from: strings,
  working_dir: string,
  pre_start: hidden(list(hook)),
  post_start: list(hook),
  pre_stop: list(hook),
});

export const networkShape: ObjectShape = object({
  name: string,
  driver: string,
  driver_opts: mapping,
  ipam: {
    shape: object({
      driver: string,
      config: list(object({ subnet: string, gateway: string, ip_range: string, aux_addresses: mapping })),
      options: hidden(mapping),
    }),
    json: {},
  },
  external: flag,
  internal: flag,
  attachable: flag,
  labels: mapping,
  enable_ipv4: boolean,
  enable_ipv6: boolean,
});

export const volumeShape: ObjectShape = object({
  name: string,
  driver: string,
  driver_opts: mapping,
  external: flag,
  labels: mapping,
});

export const fileObjectShape: ObjectShape = object({
  name: string,
  file: string,
  environment: string,
  content: string,
  external: flag,
  labels: mapping,
  driver: string,
  driver_opts: mapping,
  template_driver: string,
});

export const modelShape: ObjectShape = object({
  name: string,
  model: string,
  context_size: integer,
  runtime_flags: strings,
});
