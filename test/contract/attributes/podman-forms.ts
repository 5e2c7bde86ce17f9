/**
 * What Podman's `inspect` says where its form is another one than Docker's, or where it says nothing. By name of the
 * row; all others read alike.
 */
import type { JsonObject } from "./row.ts";

const host = (facts: JsonObject): JsonObject => ({ HostConfig: facts });
/** Taken, and not told again. */
const UNTOLD: JsonObject = {};

export const PODMAN_FORMS: Readonly<Record<string, JsonObject>> = {
  ulimits: host({
    Ulimits: [
      { Name: "RLIMIT_NOFILE", Soft: 100, Hard: 200 },
      { Name: "RLIMIT_NPROC", Soft: 50, Hard: 50 },
    ],
  }),
  devices: host({ Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/other" }] }),
  "devices in the long form": host({ Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/other" }] }),
  device_cgroup_rules: UNTOLD,
  "cap_add, cap_drop": host({ CapAdd: ["NET_ADMIN"] }),
  security_opt: host({ SecurityOpt: ["no-new-privileges"] }),
  "security_opt: systempaths": UNTOLD,
  cgroup: UNTOLD,
  userns_mode: UNTOLD,
  runtime: host({ Runtime: "oci" }),
  sysctls: UNTOLD,
  ports: {
    Config: { ExposedPorts: { "80/tcp": {} } },
    HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1" }] } },
  },
  plain: { NetworkSettings: { Networks: { PROJECT_default: {} } } },
  mac_address: UNTOLD,
  "endpoint settings": { NetworkSettings: { Networks: { PROJECT_ranged: {} } } },
  "several networks": { NetworkSettings: { Networks: { PROJECT_default: {}, PROJECT_other_name: {} } } },
  gw_priority: { NetworkSettings: { Networks: { PROJECT_default: {} } } },
  image: { Config: { Image: "localhost/tcompose-test/busybox:latest" } },
  stop_signal: { Config: { StopSignal: "10" } },
  logging: host({ LogConfig: { Type: "json-file" } }),
  bind: host({ Binds: ["DIR/made:/made:ro,rprivate,rbind"] }),
  "bind in the long form": host({ Binds: ["DIR/there:/there:ro,rslave,bind"] }),
  "bind.selinux": host({ Binds: ["DIR/there:/there:rw,z,rprivate,rbind"] }),
  "bind.recursive: disabled": host({ Binds: ["DIR/there:/there:bind,rw,rprivate"] }),
  "volume in the long form": host({ Binds: ["PROJECT-another-name:/named:ro,rprivate,nosuid,nodev,rbind"] }),
  "tmpfs mount": host({ Tmpfs: { "/scratch": "size=1048576,mode=700,rw,rprivate,nosuid,nodev,tmpcopyup" } }),
  tmpfs: host({
    Tmpfs: {
      "/run": "size=1m,rw,rprivate,nosuid,nodev,tmpcopyup",
      "/tmp": "rw,rprivate,nosuid,nodev,tmpcopyup",
    },
  }),
  use_api_socket: host({ Binds: ["/var/run/docker.sock:/var/run/docker.sock:rw,rprivate,rbind"] }),
  "configs and secrets from files": host({
    Binds: [
      "DIR/config.txt:/file_config:ro,rprivate,rbind",
      "DIR/secret.txt:/run/secrets/token:ro,rprivate,rbind",
    ],
  }),
};
