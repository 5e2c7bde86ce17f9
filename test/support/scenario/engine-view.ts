/** What the engine holds of one project, read past the product. */
import { call } from "../../../examples/demo/engine-api.mjs";
import { ENGINE, filters, get, getText } from "./engine-socket.ts";

const PROJECT = "com.docker.compose.project";

export interface ContainerView {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** "running", "exited", ... */
  readonly state: string;
  readonly exitCode: number;
  readonly health: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  /** Network name -> aliases, without the container's id. */
  readonly networks: Readonly<Record<string, readonly string[]>>;
  readonly startedAt: string;
}

/** An entry of the engine's event log. */
export interface LoggedEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly Env: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly Aliases: readonly string[] | null }>>;
  };
}

export class EngineView {
  readonly project: string;

  constructor(project: string) {
    this.project = project;
  }

  /** Every container of the project, one-off ones too, by name. */
  async containers(): Promise<readonly ContainerView[]> {
    const listed = await get<readonly { readonly Id: string }[]>(`/containers/json?all=1&${this.#ours()}`);
    const inspected = await Promise.all(
      (listed ?? []).map(({ Id }) => get<Inspected>(`/containers/${Id}/json`)),
    );
    return inspected
      .filter((container) => container !== undefined)
      .map(toView)
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }

  /** The only container of that name. */
  async container(name: string): Promise<ContainerView> {
    const all = await this.containers();
    const found = all.find((one) => one.name === name || one.name === `${this.project}-${name}`);
    if (found === undefined)
      throw new Error(`no container ${name}; there are ${all.map((c) => c.name).join(", ")}`);
    return found;
  }

  /** `web-1 running`, ...: names without the project. */
  async summary(): Promise<readonly string[]> {
    return (await this.containers()).map(
      ({ name, state }) => `${name.replace(`${this.project}-`, "")} ${state}`,
    );
  }

  /** Names without the project. */
  async networks(): Promise<readonly string[]> {
    const all = await get<readonly { readonly Name: string }[]>(`/networks?${this.#ours()}`);
    return (all ?? []).map(({ Name }) => Name.replace(`${this.project}_`, "")).toSorted();
  }

  /** Names without the project. */
  async volumes(): Promise<readonly string[]> {
    const all = await get<{ readonly Volumes: readonly { readonly Name: string }[] | null }>(
      `/volumes?${this.#ours()}`,
    );
    return (all?.Volumes ?? []).map(({ Name }) => Name.replace(`${this.project}_`, "")).toSorted();
  }

  /** Id of an image; undefined: there is none of that name. */
  async imageId(reference: string): Promise<string | undefined> {
    return (await get<{ readonly Id: string }>(`/images/${reference}/json`))?.Id;
  }

  /** Resolves with the exit code as soon as the container has ended. */
  async exitCode(name: string): Promise<number> {
    const { id } = await this.container(name);
    const { text } = await call(ENGINE, { method: "POST", path: `/containers/${id}/wait` });
    return (JSON.parse(text) as { StatusCode: number }).StatusCode;
  }

  async removeImage(reference: string): Promise<void> {
    await call(ENGINE, { method: "DELETE", path: `/images/${encodeURIComponent(reference)}` });
  }

  /** Output of a container, both streams, with the stream headers removed. */
  async logs(name: string): Promise<string> {
    const { id } = await this.container(name);
    const raw = await getText(`/containers/${id}/logs?stdout=1&stderr=1`);
    // eslint-disable-next-line no-control-regex
    return raw.replaceAll(/[\u0001\u0002]\0\0\0[\s\S]{4}/g, "");
  }

  /** Command lines of what runs in a container. */
  async processes(name: string): Promise<readonly string[]> {
    const { id } = await this.container(name);
    const top = await get<{ readonly Processes: readonly (readonly string[])[] }>(
      `/containers/${id}/top?ps_args=-o%20pid,args`,
    );
    return (top?.Processes ?? []).map((fields) => (fields.at(-1) ?? "").trim());
  }

  /** The project's entries in the engine's event log while `work` runs. Probes inside containers do not count. */
  async eventsDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
    const since = Date.now();
    await work();
    const text = await getText(`/events?since=${since / 1000}&until=${Date.now() / 1000}`);
    const events = text.split("\n").filter((line) => line.startsWith("{"));
    return events
      .map((line) => JSON.parse(line) as LoggedEvent)
      .filter((event) => this.#isOurs(event) && !/^(exec_|health_status|top$)/.test(event.Action))
      .map(({ Type, Action, Actor }) => `${Type} ${Action} ${Actor.Attributes["name"] ?? Actor.ID}`);
  }

  #isOurs({ Actor }: LoggedEvent): boolean {
    const { [PROJECT]: project, name, container } = Actor.Attributes;
    return (
      project === this.project || [name, container, Actor.ID].some((text) => text?.startsWith(this.project))
    );
  }

  #ours(): string {
    return filters({ label: [`${PROJECT}=${this.project}`] });
  }
}

function toView(inspected: Inspected): ContainerView {
  const { Id, Name, Image, State, Config, NetworkSettings } = inspected;
  const aliases = (names: readonly string[] | null): readonly string[] =>
    (names ?? []).filter((alias) => alias !== Id.slice(0, 12)).toSorted();
  return {
    id: Id,
    name: Name.replace(/^\//, ""),
    service: Config.Labels["com.docker.compose.service"] ?? "",
    state: State.Status,
    exitCode: State.ExitCode,
    health: State.Health?.Status,
    env: Object.fromEntries((Config.Env ?? []).map(splitVariable)),
    labels: Config.Labels,
    image: Image,
    networks: Object.fromEntries(
      Object.entries(NetworkSettings.Networks).map(([name, { Aliases }]) => [name, aliases(Aliases)]),
    ),
    startedAt: State.StartedAt,
  };
}

function splitVariable(text: string): [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}
