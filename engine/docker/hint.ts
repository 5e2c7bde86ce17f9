/** What to do when no engine answers: the one command for this machine. Pure. */

export interface UnreachableFacts {
  readonly platform: string;
  /** What named the endpoint; undefined: default places were searched. */
  readonly origin: string | undefined;
  readonly tried: readonly { readonly endpoint: string; readonly reason: string }[];
  /** Which of `programs` are there. */
  readonly installed: ReadonlySet<string>;
}

/** Paths whose presence decides the hint. */
export const programs = {
  dockerd: ["/usr/bin/dockerd", "/usr/sbin/dockerd", "/usr/local/bin/dockerd"],
  podman: ["/usr/bin/podman", "/usr/local/bin/podman", "/opt/homebrew/bin/podman"],
  systemd: ["/run/systemd/system"],
  dockerDesktop: ["/Applications/Docker.app"],
  orbstack: ["/Applications/OrbStack.app"],
  colima: ["/usr/local/bin/colima", "/opt/homebrew/bin/colima"],
} as const;

export function unreachableHint(facts: UnreachableFacts): string {
  const denied = facts.tried.find(({ reason }) => reason.startsWith("permission denied"));
  if (denied !== undefined) {
    return 'your user may not use the engine: run `sudo usermod -aG docker "$USER"`, then log in again';
  }
  if (facts.origin !== undefined) return namedHint(facts.origin, facts.tried[0]?.endpoint ?? "");
  switch (facts.platform) {
    case "linux":
      return linuxHint(facts.installed);
    case "darwin":
      return darwinHint(facts.installed);
    case "win32":
      return "start Docker Desktop";
    default:
      return "start the container engine, or name one with --host";
  }
}

function namedHint(origin: string, endpoint: string): string {
  if (endpoint.startsWith("ssh://")) return `${origin} names it: check that \`ssh\` to this host works`;
  return `${origin} names it: start that engine, or correct the address`;
}

function linuxHint(installed: ReadonlySet<string>): string {
  const systemd = installed.has("systemd");
  if (installed.has("dockerd")) {
    return systemd ? "start it: `sudo systemctl start docker`" : "start it: `sudo service docker start`";
  }
  if (installed.has("podman")) {
    return systemd
      ? "start Podman's service: `systemctl --user start podman.socket`"
      : "start Podman's service: `podman system service --time=0 &`";
  }
  return "install Docker Engine: https://docs.docker.com/engine/install/";
}

function darwinHint(installed: ReadonlySet<string>): string {
  if (installed.has("dockerDesktop")) return "start it: `open -a Docker`";
  if (installed.has("orbstack")) return "start it: `open -a OrbStack`";
  if (installed.has("colima")) return "start it: `colima start`";
  if (installed.has("podman")) return "start it: `podman machine start`";
  return "install Docker Desktop: https://docs.docker.com/desktop/";
}
