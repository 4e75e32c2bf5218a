import { safeHash } from '../../runtime/hash.ts'

/** The suffix of a set's name: its pod template, and a count that steps past a name that is taken. */
export function templateSuffix(template: unknown, collisionCount: number): string {
  const count = Buffer.alloc(8)
  count.writeUInt32LE(collisionCount)
  return safeHash(Buffer.concat([Buffer.from(JSON.stringify(template)), count]))
}
