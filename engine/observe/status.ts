/** Facts that GET /containers/json gives only inside its English status text. */
import type { Health } from "./model.ts";

/** "Up 3 minutes (healthy)", "Up 2 seconds (health: starting)"; Podman writes "Up 3 minutes ago (healthy)". */
export function parseHealth(status: string): Health {
  if (/\(unhealthy\)/.test(status)) return "unhealthy";
  if (/\(healthy\)/.test(status)) return "healthy";
  return /\((health: )?starting\)/.test(status) ? "starting" : "none";
}

/** "Exited (137) 2 minutes ago"; undefined for a container that has not exited. */
export function parseExitCode(status: string): number | undefined {
  const code = /^(?:Exited|Restarting) \((-?\d+)\)/.exec(status)?.[1];
  return code === undefined ? undefined : Number(code);
}
