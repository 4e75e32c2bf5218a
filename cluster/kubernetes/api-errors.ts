import { KubeApiError } from './types.ts'

const isStatus = (error: unknown, status: number) => error instanceof KubeApiError && error.status === status

export const isNotFound = (error: unknown): boolean => isStatus(error, 404)
/** Somebody else changed the object first, or it exists already. */
export const isConflict = (error: unknown): boolean => isStatus(error, 409)
export const isAlreadyExists = (error: unknown): boolean =>
  isConflict(error) && (error as KubeApiError).reason === 'AlreadyExists'

/** The result, or undefined when the object is not (or no longer) there. */
export async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
