/** `images`: images of the project's containers. */
import type { Command } from "commander";
import type { ImageInspect } from "../../engine/docker/types.ts";
import type { ObservedContainer } from "../../engine/observe/model.ts";
import type { Invocation } from "../command.ts";
import { listProjectContainers } from "../containers.ts";
import { EXIT_OK } from "../exit.ts";
import { renderRows } from "../render/format.ts";
import { formatAge, formatSize } from "../render/quantity.ts";
import { checkServices, connect, loadProject } from "../stack.ts";

interface ImagesFlags {
  readonly format?: string;
  readonly quiet?: boolean;
}

interface ImageRow {
  readonly ID: string;
  readonly ContainerName: string;
  readonly Repository: string;
  readonly Tag: string;
  readonly Platform: string;
  readonly Size: number;
  readonly LastTagTime: string;
}

export function configure(command: Command): void {
  command
    .argument("[service...]", "only images of these services")
    .option("--format <format>", "table, json or a template")
    .option("-q, --quiet", "ids alone");
}

export async function run(invocation: Invocation<ImagesFlags>): Promise<number> {
  const { context, flags, args } = invocation;
  const project = await loadProject(invocation);
  if (project.stack !== undefined) checkServices(project.stack, args);
  const engine = await connect(invocation);
  const { stop } = context.interrupts;
  const containers = await listProjectContainers(engine, project.name, { services: args }, stop);
  const ids = [...new Set(containers.map((container) => container.imageId))];
  const inspected = new Map(
    await Promise.all(ids.map(async (id) => [id, await engine.inspectImage(id, { signal: stop })] as const)),
  );
  engine.close();
  const rows = containers.map((container) => imageRow(container, inspected.get(container.imageId)));
  if (flags.quiet === true) {
    context.stdout.write(ids.map((id) => `${id.replace(/^sha256:/, "")}\n`).join(""));
    return EXIT_OK;
  }
  context.stdout.write(
    renderRows(rows, {
      format: flags.format ?? "",
      json: "array",
      width: context.stdout.columns(),
      columns: [
        { title: "CONTAINER", value: (row) => row.ContainerName },
        { title: "REPOSITORY", value: (row) => row.Repository, shrink: 1 },
        { title: "TAG", value: (row) => row.Tag },
        { title: "PLATFORM", value: (row) => row.Platform },
        { title: "IMAGE ID", value: (row) => row.ID.replace(/^sha256:/, "").slice(0, 12) },
        { title: "SIZE", value: (row) => formatSize(row.Size) },
        { title: "CREATED", value: (row) => ageOf(row, context.now()) },
      ],
    }),
  );
  return EXIT_OK;
}

function imageRow(container: ObservedContainer, image: ImageInspect | undefined): ImageRow {
  const { repository, tag } = splitReference(image?.RepoTags?.[0] ?? container.image);
  return {
    ID: container.imageId,
    ContainerName: container.name,
    Repository: repository,
    Tag: tag,
    Platform: [image?.Os, image?.Architecture, image?.Variant].filter(Boolean).join("/"),
    Size: image?.Size ?? 0,
    LastTagTime: tagTime(image),
  };
}

/** Builds of BuildKit have no tag time (engines write year 1): then the image is as old as itself. */
function tagTime(image: ImageInspect | undefined): string {
  const tagged = image?.Metadata?.LastTagTime ?? "";
  return Date.parse(tagged) > 0 ? tagged : (image?.Created ?? "");
}

function splitReference(reference: string): { repository: string; tag: string } {
  const colon = reference.lastIndexOf(":");
  if (colon <= reference.lastIndexOf("/")) return { repository: reference, tag: "<none>" };
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

function ageOf(row: ImageRow, now: number): string {
  const time = Date.parse(row.LastTagTime);
  return Number.isNaN(time) || time <= 0 ? "N/A" : `${formatAge((now - time) / 1000)} ago`;
}
