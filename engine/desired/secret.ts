/**
 * Values that must not be readable in labels, plans and reports: they are shown as digests.
 *
 * There is no state to keep a key in, so a digest can be recomputed by whoever guesses the value, and only the cost of
 * a guess can be raised. Contents of secrets go through scrypt, salted with project and name: about 10 ms a secret,
 * off the main thread, once a run. Variables that look secret get a keyed hash only: the label `config-hash`, which
 * other tools need as it is, is a plain hash over them, and the engine shows their values to whoever may read labels.
 */
import { createHmac, scrypt, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";
import { redact } from "../error.ts";

const SECRET_NAME =
  /(^|[_.-])(pass(word|wd|phrase)?|secret|token|api_?key|access_?key|private_?key|credentials?|auth|salt|key)([_.-]|$)|password|passwd|secret|token|apikey/i;
/** Names that look secret and are not: paths and names of things. */
const NOT_SECRET = /(_file|_path|_dir|_url|_name|_id|_header|_type|_size|_expiry|_ttl)$/i;
const SHOWN_DIGITS = 16;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !NOT_SECRET.test(name);
}

/** 4 MiB and about 10 ms. Changing it changes every digest: raise SPEC_VERSION too. */
const COST: ScryptOptions = { N: 4096, r: 8, p: 1 };
const DIGEST_BYTES = 16;

/** Digest of the content of a secret: equal secrets of other projects or names have other digests. */
export async function secretDigest(project: string, name: string, content: Uint8Array): Promise<string> {
  // Not at the top of the module: reading `scrypt` loads Node's crypto, which few runs need.
  const derive = promisify<string | Uint8Array, string, number, ScryptOptions, Buffer>(scrypt);
  const key = await derive(content, `tcompose\0${project}\0${name}`, DIGEST_BYTES, COST);
  return `scrypt:${key.toString("hex")}`;
}

/** `scope` (project and service) and `name` are the key: equal values elsewhere do not look equal. */
export function maskValue(scope: string, name: string, value: string): string {
  const digest = createHmac("sha256", `tcompose\0${scope}\0${name}`).update(value).digest("hex");
  return `sha256:${digest.slice(0, SHOWN_DIGITS)}`;
}

/** The value as it may be shown: a digest for secret names, credentials in URLs taken out otherwise. */
export function showValue(scope: string, name: string, value: string | null): string | null {
  if (value === null || value === "") return value;
  if (isSecretName(name)) return maskValue(scope, name, value);
  const shown = redact(value);
  return shown === value ? value : `${shown} ${maskValue(scope, name, value)}`;
}
