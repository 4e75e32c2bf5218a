/**
 * The version that an image tag begins with, as EMQX's own tags do: "4.4.15-alpine", "e5.8.8", "5.8-elixir". A tag of
 * somebody's own ("acme-1.4.2", "2024.11.05", a commit) has none.
 */
const ofTag = (tag: string): string | undefined => /^[ev]?([456]\.\d+(?:\.\d+)?)(?![.\d])/.exec(tag)?.[1]

/**
 * True when a node's own version is the one an image tag names. A tag of two numbers names each version that begins with
 * them; a tag that tells no version must match letter by letter.
 */
export function sameVersion(node: string, tag: string): boolean {
  if (node === tag) return true
  const [wanted, is] = [ofTag(tag), ofTag(node)]
  return wanted !== undefined && is !== undefined && (is === wanted || is.startsWith(`${wanted}.`))
}

/**
 * Which of two tags is the newer version, by numbers: 4.4.9 is older than 4.4.10. Below 0 when the first is older, 0 when they are the same
 * as far as both say; undefined when one says no version.
 */
export function compareVersions(one: string, other: string): number | undefined {
  const [a, b] = [one, other].map((tag) => ofTag(tag)?.split('.').map(Number))
  if (!a || !b) return undefined
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}

/** True when a tag says which version it is, as "latest" does not. */
export const tellsVersion = (tag: string): boolean => ofTag(tag) !== undefined

/** The tag of an image reference: of "registry:5000/emqx/emqx-enterprise:5.8.6@sha256:…" it is "5.8.6". */
export function tagOf(image: string): string | undefined {
  const [reference = ''] = image.split('@')
  const last = reference.slice(reference.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  return colon < 0 ? undefined : last.slice(colon + 1)
}

/** The same image with another tag. A digest would hold the old one fast, so it goes. */
export function withTag(image: string, tag: string): string {
  const [reference = ''] = image.split('@')
  const old = tagOf(image)
  return `${old === undefined ? reference : reference.slice(0, -old.length - 1)}:${tag}`
}
