/** Fake images: a local store, a registry to pull from and push to, and builds. */
import type { Readable } from "node:stream";
import { unpackTar } from "modern-tar";
import { BuildError } from "../../../engine/error.ts";
import type { BuildQuery } from "../../../engine/docker/api.ts";
import type { CommitBody } from "../../../engine/docker/types-system.ts";
import type { Filters, ImageInspect, ImageSummary, ProgressMessage } from "../../../engine/docker/types.ts";
import { matchesLabel } from "./events.ts";
import type { FakeImage, ImageContent } from "./records.ts";
import { digest, needContainer, refuse, type World } from "./world.ts";

/** Puts an image on the engine under a tag; the same content has the same id. */
export function addImage(world: World, reference: string, content: ImageContent = {}): FakeImage {
  const tag = familiar(reference);
  const id = `sha256:${digest(content.content ?? tag)}`;
  for (const image of world.images.values()) image.tags = image.tags.filter((t) => t !== tag);
  const image: FakeImage = world.images.get(id) ?? {
    id,
    tags: [],
    digests: [],
    config: content.config ?? {},
    createdAt: world.now(),
    size: 1_000_000,
    os: "linux",
    architecture: content.architecture ?? "amd64",
  };
  if (!tag.includes("@")) image.tags.push(tag);
  world.images.set(id, image);
  return image;
}

/** The files that were put into the container are no part of the fake's images. */
export function commitContainer(world: World, reference: string, body: CommitBody): string {
  const container = needContainer(world, reference, "POST /commit");
  const name = body.repository === undefined ? `<commit-of-${container.id}>` : body.repository;
  const { Labels, Env } = container.config;
  const config = { ...(Labels === undefined ? {} : { Labels }), ...(Env === undefined ? {} : { Env }) };
  return addImage(world, `${name}:${body.tag ?? "latest"}`, { config, content: `commit ${container.id}` }).id;
}

export function findImage(world: World, reference: string): FakeImage | undefined {
  const byId = world.images.get(reference) ?? world.images.get(`sha256:${reference}`);
  if (byId !== undefined) return byId;
  const tag = familiar(reference);
  for (const image of world.images.values()) {
    if (image.tags.includes(tag) || image.digests.includes(reference)) return image;
  }
  if (!/^[0-9a-f]{12,}$/.test(reference)) return undefined;
  return [...world.images.values()].find((image) => image.id.startsWith(`sha256:${reference}`));
}

export function inspectImage(world: World, reference: string): ImageInspect | undefined {
  const image = findImage(world, reference);
  if (image === undefined) return undefined;
  return structuredClone<ImageInspect>({
    Id: image.id,
    RepoTags: image.tags,
    RepoDigests: image.digests,
    Created: image.createdAt.toISOString(),
    Size: image.size,
    Os: image.os,
    Architecture: image.architecture,
    Config: image.config,
    RootFS: { Layers: [image.id] },
    Metadata: { LastTagTime: (image.taggedAt ?? image.createdAt).toISOString() },
  });
}

export function listImages(world: World, filters: Filters): ImageSummary[] {
  return [...world.images.values()]
    .filter((image) => matches(image, filters))
    .map((image) =>
      structuredClone<ImageSummary>({
        Id: image.id,
        RepoTags: image.tags,
        RepoDigests: image.digests,
        Labels: image.config.Labels ?? null,
        Created: Math.floor(image.createdAt.getTime() / 1000),
        Size: image.size,
      }),
    );
}

export function registryDigest(world: World, reference: string): string {
  const content = world.registry.get(familiar(reference));
  if (content === undefined) {
    throw refuse(404, `GET /distribution/${reference}/json`, "manifest unknown: manifest unknown");
  }
  return `sha256:${digest(content.content ?? familiar(reference))}`;
}

export function* pullImage(world: World, reference: string): Generator<ProgressMessage> {
  const content = world.registry.get(familiar(reference));
  if (content === undefined) {
    const name = familiar(reference).split(":")[0];
    throw refuse(
      404,
      "POST /images/create",
      `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
    );
  }
  const layer = digest(content.content ?? familiar(reference)).slice(0, 12);
  yield { status: `Pulling from ${reference}`, id: "latest" };
  yield { status: "Downloading", id: layer, progressDetail: { current: 500_000, total: 1_000_000 } };
  yield { status: "Pull complete", id: layer, progressDetail: {} };
  const image = addImage(world, reference, { content: familiar(reference), ...content });
  const name = familiar(reference).replace(/[:@][^/]*$/, "");
  image.digests = [...new Set([...image.digests, `${name}@${image.id}`])];
  world.events.emit("image", "pull", reference, { name: reference });
  yield { status: `Digest: ${image.id}` };
}

export function* pushImage(world: World, reference: string): Generator<ProgressMessage> {
  const image = findImage(world, reference);
  if (image === undefined) {
    throw refuse(404, "POST /images/push", `An image does not exist locally with the tag: ${reference}`);
  }
  yield { status: `The push refers to repository [${reference}]` };
  world.registry.set(familiar(reference), { content: image.id, config: image.config });
  world.events.emit("image", "push", reference, { name: reference });
  yield { status: `latest: digest: ${image.id} size: 1` };
}

export function tagImage(world: World, source: string, target: string): void {
  const image = findImage(world, source);
  if (image === undefined) throw refuse(404, "POST /images/tag", `No such image: ${familiar(source)}`);
  const tag = familiar(target);
  for (const other of world.images.values()) other.tags = other.tags.filter((t) => t !== tag);
  image.tags.push(tag);
  image.taggedAt = world.now();
  world.events.emit("image", "tag", image.id, { name: tag });
}

export function removeImage(world: World, reference: string, force: boolean): void {
  const image = findImage(world, reference);
  if (image === undefined) return;
  const user = [...world.containers.values()].find((c) => c.imageId === image.id);
  if (user !== undefined && !force) {
    throw refuse(
      409,
      `DELETE /images/${reference}`,
      `conflict: unable to remove repository reference "${reference}" (must force) - container ${user.id.slice(0, 12)} is using its referenced image ${image.id.slice(7, 19)}`,
    );
  }
  image.tags = image.tags.filter((tag) => tag !== familiar(reference));
  world.events.emit("image", "untag", image.id, { name: image.id });
  if (image.tags.length > 0 && reference !== image.id) return;
  world.images.delete(image.id);
  world.events.emit("image", "delete", image.id, { name: image.id });
}

export function pruneImages(world: World, filters: Filters): string[] {
  const used = new Set([...world.containers.values()].map((c) => c.imageId));
  const all = filters["dangling"]?.includes("false") === true;
  const { dangling: _dangling, ...rest } = filters;
  const gone = [...world.images.values()].filter(
    (image) => !used.has(image.id) && (all || image.tags.length === 0) && matches(image, rest),
  );
  for (const image of gone) world.images.delete(image.id);
  return gone.map((image) => image.id);
}

/** A build: the image's content is the query and the context. `fake.failBuild(tag)` makes it fail. */
export async function* buildImage(
  world: World,
  query: BuildQuery,
  context: Readable | Buffer | undefined,
  failures: ReadonlyMap<string, string>,
): AsyncGenerator<ProgressMessage> {
  const bytes = await collect(context);
  const entries = bytes.length === 0 ? [] : await unpackTar(bytes);
  const files = entries.map((entry) => entry.header.name).sort();
  world.builds.push({ query, contextBytes: bytes.length, contextFiles: files });
  yield { stream: "Step 1/1 : FROM scratch\n" };
  const tags = [query["t"] ?? []].flat();
  for (const tag of tags) {
    const failure = failures.get(tag);
    if (failure !== undefined) throw new BuildError(failure, { tail: [failure] });
  }
  const sorted = entries.toSorted((a, b) => (a.header.name < b.header.name ? -1 : 1));
  const contents: [string, string][] = sorted.map((entry) => [
    entry.header.name,
    digest(Buffer.from(entry.data ?? new Uint8Array())),
  ]);
  const { buildid: _buildId, session: _session, ...settings } = query;
  const content = JSON.stringify([settings, Object.fromEntries(contents)]);
  const labels: Record<string, string> = JSON.parse(query["labels"]?.toString() ?? "{}");
  const id = `sha256:${digest(content)}`;
  for (const tag of tags) addImage(world, tag, { content, config: { Labels: labels } });
  yield { aux: { ID: id } };
  yield { stream: `Successfully built ${id.slice(7, 19)}\n` };
}

/** `docker.io/library/nginx` and `nginx` are both `nginx:latest`. */
export function familiar(reference: string): string {
  const short = reference.replace(/^docker\.io\//, "").replace(/^library\//, "");
  return /[:@]/.test(short.slice(short.lastIndexOf("/") + 1)) ? short : `${short}:latest`;
}

function matches(image: FakeImage, filters: Filters): boolean {
  return Object.entries(filters).every(([key, values]) => {
    if (values.length === 0) return true;
    switch (key) {
      case "label":
        return values.every((value) => matchesLabel(image.config.Labels, value));
      case "reference":
        return values.some(
          (v) => image.tags.includes(familiar(v)) || image.tags.some((t) => t.split(":")[0] === v),
        );
      case "dangling":
        return values.some((v) => (v === "true" || v === "1") === (image.tags.length === 0));
      default:
        return true;
    }
  });
}

async function collect(context: Readable | Buffer | undefined): Promise<Buffer> {
  if (context === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(context)) return context;
  const chunks: Buffer[] = [];
  for await (const chunk of context) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
