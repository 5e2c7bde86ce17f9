/** Attributes of a service that no container engine has a place for. Named once, never dropped in silence. */
import type { ServiceContext } from "./context.ts";

export function checkUnsupported({ service, name, check }: ServiceContext): void {
  if (service.credential_spec !== undefined) check.takes("credential-spec", name, "credential_spec");
  if (service.pre_start?.some(({ per_replica }) => per_replica === true) === true) {
    check.refuse(`services.${name}.pre_start: per_replica is not supported, hooks run once for all replicas`);
  }
  const { deploy } = service;
  if (deploy === undefined) return;
  for (const key of ["endpoint_mode", "labels", "update_config", "rollback_config", "placement"] as const) {
    if (deploy[key] !== undefined) check.takes("cluster-deploy", name, `deploy.${key}`);
  }
  if (deploy.mode !== undefined && deploy.mode !== "replicated")
    check.takes("cluster-deploy", name, `deploy.mode: ${deploy.mode}`);
  if (deploy.resources?.reservations?.cpus !== undefined)
    check.takes("cluster-deploy", name, "deploy.resources.reservations.cpus");
  if (deploy.resources?.reservations?.generic_resources !== undefined) {
    check.takes("cluster-deploy", name, "deploy.resources.reservations.generic_resources");
  }
  if (deploy.restart_policy?.delay !== undefined)
    check.takes("cluster-deploy", name, "deploy.restart_policy.delay");
  if (deploy.restart_policy?.window !== undefined)
    check.takes("cluster-deploy", name, "deploy.restart_policy.window");
}
