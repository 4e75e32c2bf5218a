/** Releases of EMQX Enterprise that the emulated registry holds. */
const EMQX_RELEASE = /^4\.4\.(1[4-9]|2[0-4])$/
const VERSION = /^\d+\.\d+\.\d+$/

export interface Image {
  /** As container runtimes report it. */
  canonical: string
  pullable: boolean
  /** The EMQX release that it runs; undefined for anything but EMQX. */
  emqxVersion: string | undefined
}

/** What a pull of this image gives. Only repositories of emqx/ exist, and in emqx/emqx-ee the releases 4.4.14 to 4.4.24. */
export function readImage(image: string): Image {
  const match = /^(?:([^/]+[.:][^/]*)\/)?(.+?)(?::([^:/@]+))?$/.exec(image)
  const [registry = 'docker.io', repository = image, tag = 'latest'] = match?.slice(1) ?? []
  const canonical = `${registry}/${repository.includes('/') ? repository : `library/${repository}`}:${tag}`
  if (repository === 'emqx/emqx-ee') {
    const pullable = EMQX_RELEASE.test(tag)
    return { canonical, pullable, emqxVersion: pullable ? tag : undefined }
  }
  return { canonical, pullable: repository.startsWith('emqx/') && VERSION.test(tag), emqxVersion: undefined }
}
