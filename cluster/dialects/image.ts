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
