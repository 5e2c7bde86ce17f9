/** Values of fields whose name says "secret" are never shown. */

const SECRET_WORD =
  /(?:^|[^a-z])(?:pass(?:word|wd|phrase)?|pwd|secrets?|tokens?|api[_-]?keys?|access[_-]?keys?|private[_-]?keys?|secret[_-]?keys?|keys?|credentials?|auth|dsn)(?:[^a-z]|$)/i;
/** `PGPASSWORD`, `DB_URL_PASSWORD1`: the word may be glued to others. */
const SECRET_PART = /password|passwd|passphrase|secret|apikey|credential/i;
const NOT_SECRET = /^(?:labels|networks|volumes|ports|depends_on)\b/;

/** What stands for a secret in specifications: it tells that the value differs, not what it is. */
const DIGEST = /^(?:sha256|scrypt):[0-9a-f]{8,}$/;
const DIGEST_SHOWN = "sha256:".length + 12;
const MASK = "********";

/** Whether the last name of a dotted path (`environment.DB_PASSWORD`) stands for something to keep to oneself. */
export function isSecretPath(path: string): boolean {
  if (NOT_SECRET.test(path) && !SECRET_PART.test(path)) return false;
  if (/^(?:secrets|configs)\b/.test(path)) return false;
  const name = path.slice(path.lastIndexOf(".") + 1);
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  return SECRET_PART.test(name) || SECRET_WORD.test(words);
}

/** A value as one line of JSON, masked where the path says so. Long values are cut by the caller. */
export function showValue(path: string, value: unknown, reveal = false): string {
  if (value === undefined) return "(none)";
  if (typeof value === "string" && DIGEST.test(value)) return value.slice(0, DIGEST_SHOWN);
  if (!reveal && value !== null && isSecretPath(path)) return MASK;
  const shown = reveal ? value : maskInside(value);
  return typeof shown === "string" ? JSON.stringify(maskUrl(shown, reveal)) : JSON.stringify(shown);
}

function maskInside(value: unknown): unknown {
  if (typeof value === "string") return maskUrl(value, false);
  if (Array.isArray(value)) return value.map(maskItem);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecretPath(key) && item !== null ? MASK : maskInside(item),
    ]),
  );
}

/** `KEY=value` items of environment lists. */
function maskItem(item: unknown): unknown {
  if (typeof item !== "string") return maskInside(item);
  const equals = item.indexOf("=");
  return equals > 0 && isSecretPath(item.slice(0, equals))
    ? `${item.slice(0, equals)}=${MASK}`
    : maskUrl(item, false);
}

/** The password part of `scheme://user:password@host`. */
function maskUrl(text: string, reveal: boolean): string {
  return reveal ? text : text.replace(/([a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:)[^\s/@]+@/gi, `$1${MASK}@`);
}
