const patches = (minor: string, first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `${minor}.${first + index}`)

/** Releases that the emulated registry holds, by repository, of those that are emulated. */
const EMQX_RELEASES: Record<string, readonly string[]> = {
  'emqx/emqx-ee': patches('4.4', 14, 24),
  'emqx/emqx-enterprise': patches('5.8', 6, 9),
  'emqx/emqx': patches('6.2', 1, 3),
}

/** The full names of the images of all emulated releases. */
export const emulatedImages = (): string[] =>
  Object.entries(EMQX_RELEASES).flatMap(([repository, tags]) =>
    tags.map((tag) => `docker.io/${repository}:${tag}`),
  )

const RELOADER = 'emqx/emqx-operator-reloader'
const VERSION = /^\d+\.\d+\.\d+$/

export interface Image {
  /** As container runtimes report it. */
  canonical: string
  pullable: boolean
  /** The EMQX release that it runs; undefined for anything but EMQX. */
  emqxVersion: string | undefined
  /** It runs beside EMQX 4.4, and gives it a changed licence. */
  isReloader?: boolean
}

/**
 * What a pull of this image gives. Only repositories of emqx/ exist; emqx/emqx-ee holds the releases 4.4.14 to 4.4.24,
 * emqx/emqx-enterprise 5.8.6 to 5.8.9, emqx/emqx 6.2.1 to 6.2.3.
 */
export function readImage(image: string): Image {
  const match = /^(?:([^/]+[.:][^/]*)\/)?(.+?)(?::([^:/@]+))?$/.exec(image)
  const [registry = 'docker.io', repository = image, tag = 'latest'] = match?.slice(1) ?? []
  const canonical = `${registry}/${repository.includes('/') ? repository : `library/${repository}`}:${tag}`
  const releases = EMQX_RELEASES[repository]
  if (releases !== undefined) {
    const pullable = releases.includes(tag)
    return { canonical, pullable, emqxVersion: pullable ? tag : undefined }
  }
  const isReloader = repository === RELOADER
  return {
    canonical,
    pullable: repository.startsWith('emqx/') && VERSION.test(tag),
    emqxVersion: undefined,
    ...(isReloader && { isReloader }),
  }
}

/** True for an image of EMQX 5, of this version if one is given. */
export function isEmqx5(image: string, version?: string): boolean {
  const [, repository = '', tag = ''] = /^(.+?)(?::([^:/@]+))?(?:@.*)?$/.exec(image) ?? []
  return (
    /(^|\/)emqx\/emqx(-enterprise)?$/.test(repository) &&
    (version === undefined ? tag.startsWith('5.') : tag === version)
  )
}

/** Seconds to the next try of an image that cannot be pulled, as recorded of a real kubelet (doubling, with its sync period). */
const RETRY_SECONDS = [15, 25, 43, 85, 165, 300]
/** A waiting pull is mentioned again about this often. */
export const MENTION_MS = 12_500
/** ErrImagePull becomes ImagePullBackOff after about this long. */
export const BACK_OFF_AFTER_MS = 1000

export function retryAfterMs(failures: number): number {
  return RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length) - 1]! * 1000
}

export function pullError(image: string, canonical: string): string {
  return `Failed to pull image "${image}": failed to pull and unpack image "${canonical}": failed to resolve reference "${canonical}": ${canonical}: not found`
}
