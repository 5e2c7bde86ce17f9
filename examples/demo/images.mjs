/** Presence, pull, import and build of images, through the Engine API. */
import { spawn } from "node:child_process";
import { call } from "./engine-api.mjs";

const PULL_SILENCE_MS = 20_000;

/**
 * @param {string} endpoint
 * @param {string} image
 */
export async function hasImage(endpoint, image) {
  return (await call(endpoint, { path: `/images/${encodeURI(image)}/json` })).status === 200;
}

/**
 * Pulls an image. Gives up after 20 s of silence.
 * @param {string} endpoint
 * @param {string} image with a tag
 * @returns {Promise<string | undefined>} why it did not work
 */
export async function pullImage(endpoint, image) {
  const at = image.lastIndexOf(":");
  const query = new URLSearchParams({ fromImage: image.slice(0, at), tag: image.slice(at + 1) });
  try {
    const answer = await call(endpoint, {
      method: "POST",
      path: `/images/create?${query.toString()}`,
      idleMs: PULL_SILENCE_MS,
    });
    return (
      failureIn(answer) ?? ((await hasImage(endpoint, image)) ? undefined : "the engine did not keep it")
    );
  } catch (error) {
    return error.message;
  }
}

/**
 * Makes an image of a folder that holds a root file system.
 * @param {string} endpoint
 * @param {string} folder
 * @param {string} image with a tag
 * @param {readonly string[]} changes Dockerfile instructions
 */
export async function importImage(endpoint, folder, image, changes = []) {
  const at = image.lastIndexOf(":");
  const query = new URLSearchParams({ fromSrc: "-", repo: image.slice(0, at), tag: image.slice(at + 1) });
  for (const change of changes) query.append("changes", change);
  await send(endpoint, `/images/create?${query.toString()}`, folder, `import of ${image}`);
}

/**
 * Builds an image of a folder with a Dockerfile.
 * @param {string} endpoint
 * @param {string} folder
 * @param {string} image
 */
export async function buildImage(endpoint, folder, image) {
  const query = new URLSearchParams({ t: image, rm: "1", forcerm: "1" });
  await send(endpoint, `/build?${query.toString()}`, folder, `build of ${image}`);
}

async function send(endpoint, path, folder, what) {
  const tar = spawn("tar", ["-C", folder, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const answer = await call(endpoint, {
    method: "POST",
    path,
    headers: { "content-type": "application/x-tar" },
    body: tar.stdout,
  });
  const failure = failureIn(answer);
  if (failure !== undefined) throw new Error(`${what} failed: ${failure}\n${outputOf(answer.text)}`);
}

/** The engine reports failures as a status, or inside a successful answer as a line of JSON. */
function failureIn({ status, text }) {
  const lines = jsonLines(text);
  if (status >= 400) return lines[0]?.message ?? `status ${status}`;
  return lines.find((line) => line.error !== undefined)?.error;
}

function outputOf(text) {
  const output = jsonLines(text).map((line) => line.stream ?? "");
  return output.join("").trimEnd().split("\n").slice(-15).join("\n");
}

function jsonLines(text) {
  return text
    .split("\n")
    .filter((line) => line.trimStart().startsWith("{"))
    .map((line) => JSON.parse(line));
}
