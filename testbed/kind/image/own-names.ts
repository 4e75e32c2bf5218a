import { emulatedImages, readImage } from '../../kubelet/image.ts'
import { RELOADER_IMAGE } from '../../operator/v1beta4/objects/pod-template.ts'
import type { EmqxInstallation } from '../../types.ts'
import { imagesOf } from './emqx-image.ts'

/**
 * Where images come from that weir gives to a cluster of the user's: a registry that cannot exist (RFC 2606), so that nothing of weir's
 * takes the place of a real image in its nodes.
 */
export const OWN_REGISTRY = 'weir.invalid'

/** How images are named in the nodes of a cluster. */
export type Naming = (image: string) => string

/** In clusters of weir's own, which nobody else uses, images have the names of the real ones. */
export const publicNames: Naming = (image) => image

export const ownNames: Naming = (image) => `${OWN_REGISTRY}/${image.replace(/^docker\.io\//, '')}`

interface Emqx {
  spec?: {
    /** Of v2beta1. */
    image?: string
    /** Of v1beta4. */
    template?: {
      spec?: {
        reloaderImage?: string
        emqxContainer?: { image?: { registry?: string; repository?: string; version?: string } }
      }
    }
  }
}

/** The resource of a scenario with the names that weir's images have in a cluster of the user's. Images that weir does not bring keep theirs. */
export function withOwnImages<T extends object>(resource: T, installations: readonly EmqxInstallation[]): T {
  const brought = new Set([...emulatedImages(), ...installations.flatMap(imagesOf)])
  const isBrought = (image: string) => brought.has(readImage(image).canonical)
  const named = structuredClone(resource)
  const { spec = {} } = named as Emqx
  if (spec.image !== undefined && isBrought(spec.image))
    spec.image = ownNames(readImage(spec.image).canonical)
  const pod = spec.template?.spec
  const image = pod?.emqxContainer?.image
  if (pod !== undefined && image !== undefined) {
    const { registry, repository = 'emqx/emqx-ee', version } = image
    if (isBrought(`${registry ? `${registry}/` : ''}${repository}:${version}`)) {
      image.registry = OWN_REGISTRY
      // Operators before 2.2 do not know the field, and name the public image themselves.
      pod.reloaderImage ??= ownNames(RELOADER_IMAGE)
    }
  }
  return named
}
