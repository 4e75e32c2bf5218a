/** The three numbers of a version: "4.4.15", "e5.8.8" and "4.4.15-alpine" all have them. */
const numbers = (version: string): string | undefined => /\d+\.\d+\.\d+/.exec(version)?.[0]

/** True when a node's own version is the one an image tag names. A tag without numbers must match letter by letter. */
export function sameVersion(node: string, tag: string): boolean {
  return node === tag || (numbers(tag) !== undefined && numbers(node) === numbers(tag))
}
