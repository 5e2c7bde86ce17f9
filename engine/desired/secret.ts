/** Values that must not be readable in labels, plans and reports: they are shown as digests. */
import { redact } from "../error.ts";
import { sha256 } from "../hash.ts";

const SECRET_NAME =
  /(^|[_.-])(pass(word|wd|phrase)?|secret|token|api_?key|access_?key|private_?key|credentials?|auth|salt|key)([_.-]|$)|password|passwd|secret|token|apikey/i;
/** Names that look secret and are not: paths and names of things. */
const NOT_SECRET = /(_file|_path|_dir|_url|_name|_id|_header|_type|_size|_expiry|_ttl)$/i;
const SHOWN_DIGITS = 16;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !NOT_SECRET.test(name);
}

/** `name` goes into the digest, so that equal secrets of different variables do not look equal. */
export function maskValue(name: string, value: string): string {
  return `sha256:${sha256(`${name}\0${value}`).slice(0, SHOWN_DIGITS)}`;
}

/** The value as it may be shown: a digest for secret names, credentials in URLs taken out otherwise. */
export function showValue(name: string, value: string | null): string | null {
  if (value === null || value === "") return value;
  if (isSecretName(name)) return maskValue(name, value);
  const shown = redact(value);
  return shown === value ? value : `${shown} ${maskValue(name, value)}`;
}
