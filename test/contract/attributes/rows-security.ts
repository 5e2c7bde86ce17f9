/** Privileges and namespaces. */
import type { Row } from "./row.ts";

export const securityRows: readonly Row[] = [
  { name: "privileged", service: { privileged: true }, container: { HostConfig: { Privileged: true } } },
  {
    name: "cap_add, cap_drop",
    service: { cap_add: ["NET_ADMIN"], cap_drop: ["ALL"] },
    container: { HostConfig: { CapAdd: ["NET_ADMIN"], CapDrop: ["ALL"] } },
  },
  {
    name: "security_opt",
    service: { security_opt: ["no-new-privileges:true"] },
    container: { HostConfig: { SecurityOpt: ["no-new-privileges:true"] } },
  },
  {
    name: "security_opt: seccomp from a file",
    service: { security_opt: ["seccomp=./seccomp.json"] },
    container: { HostConfig: { SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'] } },
    feature: "seccomp-text",
    otherwise: { HostConfig: { SecurityOpt: ["seccomp=DIR/seccomp.json"] } },
  },
  {
    name: "security_opt: systempaths",
    service: { security_opt: ["systempaths=unconfined"] },
    container: { HostConfig: { MaskedPaths: [], ReadonlyPaths: [] } },
    feature: "unmasked-paths",
    otherwise: { HostConfig: { SecurityOpt: ["unmask=ALL"] } },
  },
  { name: "cgroup", service: { cgroup: "private" }, container: { HostConfig: { CgroupnsMode: "private" } } },
  {
    name: "cgroup_parent",
    service: { cgroup_parent: "/tc-attributes" },
    container: { HostConfig: { CgroupParent: "/tc-attributes" } },
  },
  { name: "ipc", service: { ipc: "shareable" }, container: { HostConfig: { IpcMode: "shareable" } } },
  {
    name: "ipc of a service",
    service: { ipc: "service:ipc" },
    container: { HostConfig: { IpcMode: "container:ID:ipc" } },
  },
  { name: "pid", service: { pid: "host" }, container: { HostConfig: { PidMode: "host" } } },
  {
    name: "pid of a service",
    service: { pid: "service:ipc" },
    container: { HostConfig: { PidMode: "container:ID:ipc" } },
  },
  { name: "uts", service: { uts: "host" }, container: { HostConfig: { UTSMode: "host" } } },
  {
    name: "userns_mode",
    service: { userns_mode: "host" },
    container: { HostConfig: { UsernsMode: "host" } },
  },
  {
    name: "isolation",
    service: { isolation: "default" },
    container: { HostConfig: { Isolation: "default" } },
    hostMayLack: /isolation/,
  },
  { name: "runtime", service: { runtime: "runc" }, container: { HostConfig: { Runtime: "runc" } } },
  {
    name: "sysctls",
    service: { sysctls: { "net.core.somaxconn": 1024 } },
    container: { HostConfig: { Sysctls: { "net.core.somaxconn": "1024" } } },
  },
  { name: "read_only", service: { read_only: true }, container: { HostConfig: { ReadonlyRootfs: true } } },
  {
    name: "credential_spec",
    service: { credential_spec: { file: "spec.json" } },
    container: {},
    ignored: ["credential_spec"],
  },
];
