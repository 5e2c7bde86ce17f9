/** Privileges, capabilities, namespaces and cgroups. */
import { compact } from "../../compact.ts";
import type { HostConfig } from "../../docker/types.ts";
import { seccompProfilePath } from "../contents.ts";
import type { PeerContainers } from "../model.ts";
import { resolveNamespace, type ServiceContext } from "./context.ts";

export function mapSecurity(context: ServiceContext, peers: PeerContainers | undefined): HostConfig {
  const { service } = context;
  return compact({
    Annotations: annotations(context),
    CapAdd: service.cap_add,
    CapDrop: service.cap_drop,
    CgroupnsMode: service.cgroup,
    CgroupParent: service.cgroup_parent,
    GroupAdd: service.group_add?.map(String),
    Init: service.init,
    IpcMode: resolveNamespace(context, service.ipc, peers),
    Isolation: service.isolation,
    PidMode: resolveNamespace(context, service.pid, peers),
    Privileged: service.privileged,
    ReadonlyRootfs: service.read_only,
    Runtime: service.runtime,
    Sysctls: service.sysctls,
    UsernsMode: service.userns_mode,
    UTSMode: service.uts,
    ...mapSecurityOptions(context),
  });
}

function annotations({ service, check, name }: ServiceContext): HostConfig["Annotations"] {
  if (service.annotations === undefined) return undefined;
  return check.takes("annotations", name, "annotations") ? service.annotations : undefined;
}

/**
 * `seccomp=<file>` becomes the profile itself; `systempaths=unconfined` is two empty lists for the engine. Where it
 * knows neither, the path and an option say the same.
 */
function mapSecurityOptions({ service, stack, contents, check }: ServiceContext): HostConfig {
  const options = service.security_opt;
  if (options === undefined) return {};
  const isUnmasked = options.some((option) => /^systempaths[=:]unconfined$/.test(option));
  const rest = options
    .filter((option) => !/^systempaths[=:]unconfined$/.test(option))
    .map((option) => {
      const path = seccompProfilePath(stack, option);
      const profile = path === undefined ? undefined : contents.seccomp[path];
      if (profile === undefined) return option;
      return `seccomp=${check.has("seccomp-text") ? profile : path}`;
    });
  if (isUnmasked && !check.has("unmasked-paths")) return { SecurityOpt: [...rest, "unmask=ALL"] };
  return { SecurityOpt: rest, ...(isUnmasked ? { MaskedPaths: [], ReadonlyPaths: [] } : {}) };
}
