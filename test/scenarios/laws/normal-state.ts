/** What the engine holds of a project, without what differs from one run to the next: ids, times, addresses given out. */
import { filters, get } from "../../support/scenario/engine-socket.ts";
import { containerFile } from "../../support/scenario/manifest.ts";

type Facts = Readonly<Record<string, unknown>>;

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly State: { readonly Status: string; readonly ExitCode: number };
  readonly Config: Facts & { readonly Hostname: string; readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: Facts & {
    readonly Mounts?: readonly { readonly Type: string; readonly Source?: string }[];
  };
  readonly Mounts: readonly (Facts & {
    readonly Type: string;
    readonly Name?: string;
    readonly Destination: string;
  })[];
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, Facts & { readonly Aliases: readonly string[] | null }>>;
  };
}

/** They tell how a container came to be: labels stay as they were when a container is changed in place. */
const HISTORY = ["com.docker.compose.config-hash", "com.docker.compose.replace", "dev.tcompose.spec"];
/** A volume of the built image: its data stays, also when the next image has no such volume. */
const OF_IMAGE = "/of-image";
const COPIED = ["/inline", "/etc/inline.conf"];

/** @param ignored services whose containers do not count */
export async function normalContainers(project: string, ignored: readonly string[]): Promise<unknown> {
  const all = await inspectAll(project);
  const names = new Map(all.map(({ Id, Name }) => [Id, Name]));
  const counted = all.filter(({ Config }) => !ignored.includes(serviceOf(Config)));
  const shortNames = new Map(all.map(({ Id, Name }) => [Id.slice(0, 12), Name]));
  const states = await Promise.all(
    counted.map(async (container) => [container.Name, await normalContainer(container)] as const),
  );
  const text = JSON.stringify(Object.fromEntries(states.toSorted(([a], [b]) => (a < b ? -1 : 1))));
  return JSON.parse(
    text
      .replaceAll(/[0-9a-f]{64}/g, (id) => names.get(id) ?? id)
      // Containers have the short id of their own, or of the owner of their network, as host name.
      .replaceAll(/"Hostname":"([0-9a-f]{12})"/g, (whole, id: string) => {
        const name = shortNames.get(id);
        return name === undefined ? whole : `"Hostname":"of ${name}"`;
      }),
  );
}

async function normalContainer(container: Inspected): Promise<Facts> {
  const { Id, Image, State, Config, HostConfig, Mounts, NetworkSettings } = container;
  const shortId = Id.slice(0, 12);
  return {
    image: Image,
    state: State.Status,
    config: {
      ...Config,
      Labels: Object.fromEntries(Object.entries(Config.Labels).filter(([name]) => !HISTORY.includes(name))),
    },
    // A container that replaced another one has its anonymous volumes, by name; they are compared as mounts.
    host: { ...HostConfig, Mounts: HostConfig.Mounts?.filter((mount) => !isAnonymous(mount)) ?? [] },
    mounts: Mounts.filter(({ Destination }) => Destination !== OF_IMAGE)
      .map(({ Type, Name, Destination, Source, Mode, ...rest }) => ({
        ...rest,
        Type,
        Destination,
        ...(isAnonymous({ Type, Source: Name }) ? { Name: "(anonymous)" } : { Name, Source, Mode }),
      }))
      .toSorted((a, b) => (a.Destination < b.Destination ? -1 : 1)),
    networks: Object.fromEntries(
      Object.entries(NetworkSettings.Networks).map(([name, { Aliases, IPAMConfig, Links, DriverOpts }]) => [
        name,
        { aliases: (Aliases ?? []).filter((alias) => alias !== shortId), IPAMConfig, Links, DriverOpts },
      ]),
    ),
    copied: await Promise.all(COPIED.map((path) => containerFile(Id, path))),
  };
}

export function serviceOf({ Labels }: { readonly Labels: Readonly<Record<string, string>> }): string {
  return Labels["com.docker.compose.service"] ?? "";
}

function isAnonymous({
  Type,
  Source,
}: {
  readonly Type: string;
  readonly Source?: string | undefined;
}): boolean {
  return Type === "volume" && (Source === undefined || /^[0-9a-f]{64}$/.test(Source));
}

/** Every container of the project, whatever its state. */
export async function inspectAll(project: string): Promise<readonly Inspected[]> {
  const ours = filters({ label: [`com.docker.compose.project=${project}`] });
  const listed = (await get<readonly { readonly Id: string }[]>(`/containers/json?all=1&${ours}`)) ?? [];
  const found = await Promise.all(listed.map(({ Id }) => get<Inspected>(`/containers/${Id}/json`)));
  return found.filter((container) => container !== undefined);
}

/** Networks and volumes of the project by name. */
export async function normalResources(project: string): Promise<Readonly<Record<string, unknown>>> {
  const ours = filters({ label: [`com.docker.compose.project=${project}`] });
  const networks = (await get<readonly Facts[]>(`/networks?${ours}`)) ?? [];
  const volumes =
    (await get<{ readonly Volumes: readonly Facts[] | null }>(`/volumes?${ours}`))?.Volumes ?? [];
  const entries = [
    ...networks.map(({ Name, Driver, Internal, Attachable, Options, Labels }) => [
      `network ${String(Name)}`,
      { Driver, Internal, Attachable, Options, Labels: withoutHash(Labels) },
    ]),
    ...volumes.map(({ Name, Driver, Options, Labels }) => [
      `volume ${String(Name)}`,
      { Driver, Options, Labels: withoutHash(Labels) },
    ]),
  ] as [string, unknown][];
  return Object.fromEntries(entries);
}

function withoutHash(labels: unknown): Facts {
  return Object.fromEntries(
    Object.entries((labels ?? {}) as Facts).filter(([name]) => !HISTORY.includes(name)),
  );
}
