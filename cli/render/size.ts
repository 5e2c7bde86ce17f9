/** Byte sizes in plans, as people write them in stack files: specifications hold them in bytes. */

const SIZE =
  /^(?:mem_limit|mem_reservation|memswap_limit|(?:build\.)?shm_size|deploy\.resources\.(?:limits|reservations)\.memory|volumes\[[^\]]*\]\.tmpfs\.size|blkio_config\.device_(?:read|write)_bps\[[^\]]*\]\.rate)$/;
const UNITS = ["", "k", "m", "g", "t"] as const;

/** The same value with the sizes in it (`134217728`) as a number with the largest unit that is exact (`128m`). */
export function withUnits(path: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, i) => withUnits(`${path}[${i}]`, item));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withUnits(`${path}.${key}`, item)]),
    );
  }
  const isCount = typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
  return isCount && SIZE.test(path) ? inUnits(Number(value)) : value;
}

function inUnits(bytes: number): string {
  let count = bytes;
  let unit = 0;
  while (count >= 1024 && count % 1024 === 0 && unit < UNITS.length - 1) {
    count /= 1024;
    unit += 1;
  }
  return `${count}${UNITS[unit]}`;
}
