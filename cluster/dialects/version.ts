/** The three numbers of a version: "4.4.15", "e5.8.8" and "4.4.15-alpine" all have them. */
const numbers = (version: string): string | undefined => /\d+\.\d+\.\d+/.exec(version)?.[0]

/** "5.8", "5.8-elixir": a tag that moves from patch to patch. */
const series = (tag: string): string | undefined => /^e?v?(\d+(?:\.\d+)?)(?![.\d])/.exec(tag)?.[1]

/**
 * True when a node's own version is the one an image tag names. A tag of less than three numbers names each version that
 * begins with them; a tag without numbers must match letter by letter.
 */
export function sameVersion(node: string, tag: string): boolean {
  if (node === tag) return true
  const wanted = numbers(tag)
  if (wanted !== undefined) return numbers(node) === wanted
  const of = series(tag)
  return of !== undefined && (numbers(node)?.startsWith(`${of}.`) ?? false)
}

/** True when a tag says which version it is, as "latest" does not. */
export const tellsVersion = (tag: string): boolean => numbers(tag) !== undefined || series(tag) !== undefined
