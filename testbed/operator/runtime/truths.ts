import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

type Resource<Status> = KubeObject & { status?: Status }

/** By uid: the true status of each resource that shows another one. The operator goes on from the truth. */
export class Truths<Status> {
  readonly #byUid = new Map<string | undefined, Status>()

  hides({ metadata: { uid } }: KubeObject, truth: Status, isSettled: boolean, isMoving: boolean): boolean {
    const hides = !isSettled && (isMoving || this.#byUid.has(uid))
    if (hides) this.#byUid.set(uid, truth)
    else this.#byUid.delete(uid)
    return hides
  }

  hooks<CR extends Resource<Status>>(next: {
    statusBefore(cr: CR): Status | undefined
    onDeleted(cr: CR): void
  }) {
    return {
      statusBefore: (cr: CR) => this.#byUid.get(cr.metadata.uid) ?? next.statusBefore(cr),
      onDeleted: (cr: CR) => {
        next.onDeleted(cr)
        this.#byUid.delete(cr.metadata.uid)
      },
    }
  }
}
