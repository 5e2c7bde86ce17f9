/** What runs in the container, and as whom. */
import { parseDuration } from "../../../schema/quantity.ts";
import { compact } from "../../compact.ts";
import type { ContainerConfig } from "../../docker/types.ts";
import type { ServiceContext } from "./context.ts";

export function mapProcess({ service, name, check, proxies }: ServiceContext): ContainerConfig {
  const { domainname } = service;
  const hasDomain = domainname !== undefined && check.takes("domain-name", name, "domainname");
  return compact({
    Cmd: service.command ?? undefined,
    Entrypoint: service.entrypoint ?? undefined,
    Env: mapEnvironment({ ...proxies, ...service.environment }),
    User: service.user,
    WorkingDir: service.working_dir,
    Hostname: service.hostname,
    Domainname: hasDomain ? domainname : undefined,
    Tty: service.tty,
    OpenStdin: service.stdin_open,
    StopSignal: service.stop_signal,
    StopTimeout: wholeSeconds(service.stop_grace_period),
  });
}

/** A bare `KEY` takes a variable of the image away. */
function mapEnvironment(environment: Readonly<Record<string, string | null>>): string[] | undefined {
  const entries = Object.entries(environment);
  return entries.length === 0
    ? undefined
    : entries.map(([key, value]) => (value === null ? key : `${key}=${value}`));
}

/** The engine counts whole seconds; rounding down would turn half a second into an immediate kill. */
export function wholeSeconds(duration: string | undefined): number | undefined {
  const ms = duration === undefined ? undefined : parseDuration(duration);
  return ms === undefined ? undefined : Math.ceil(ms / 1000);
}
