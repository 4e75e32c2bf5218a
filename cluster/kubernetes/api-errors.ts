import { KubeApiError } from './types.ts'

const isStatus = (error: unknown, status: number) => error instanceof KubeApiError && error.status === status

export const isNotFound = (error: unknown): boolean => isStatus(error, 404)
/** The server takes nothing just now, and may take the same request a moment later. */
export const isBusy = (error: unknown): boolean => isStatus(error, 429) || isStatus(error, 503)
/** Somebody else changed the object first, or it exists already. */
export const isConflict = (error: unknown): boolean => isStatus(error, 409)
export const isAlreadyExists = (error: unknown): boolean =>
  isConflict(error) && (error as KubeApiError).reason === 'AlreadyExists'

const unless =
  (isExpected: (error: unknown) => boolean) =>
  <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      if (isExpected(error)) return undefined
      throw error
    })

/** The result, or undefined when the object is not (or no longer) there. */
export const unlessGone = unless(isNotFound)

/** The result, or undefined when there is such an object already, or somebody else changed it first. */
export const unlessConflict = unless(isConflict)
