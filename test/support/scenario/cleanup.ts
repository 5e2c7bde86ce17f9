/** Removes everything of a project from the engine, past the product. */
import { change, filters, get } from "./engine-socket.ts";

const LABEL = "com.docker.compose.project";

/** Containers first, networks and volumes after them; images that a build of the project made come last. */
export async function removeProject(project: string): Promise<void> {
  const ours = filters({ label: [`${LABEL}=${project}`] });
  const containers = await get<readonly { readonly Id: string }[]>(`/containers/json?all=1&${ours}`);
  await Promise.all((containers ?? []).map(({ Id }) => change("DELETE", `/containers/${Id}?force=1&v=1`)));
  const networks = await get<readonly { readonly Id: string }[]>(`/networks?${ours}`);
  await Promise.all((networks ?? []).map(({ Id }) => change("DELETE", `/networks/${Id}`)));
  const volumes = await get<{ readonly Volumes: readonly { readonly Name: string }[] | null }>(
    `/volumes?${ours}`,
  );
  await Promise.all((volumes?.Volumes ?? []).map(({ Name }) => change("DELETE", `/volumes/${Name}?force=1`)));
  const images = await get<readonly { readonly RepoTags: readonly string[] | null }[]>(
    `/images/json?${filters({ reference: [`${project}-*`] })}`,
  );
  const tags = (images ?? []).flatMap(({ RepoTags }) => RepoTags ?? []);
  // One after the other: removing two names of one image at once confuses Docker 20.10.
  for (const tag of tags) await change("DELETE", `/images/${tag}?force=1`);
}
