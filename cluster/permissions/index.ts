/** The permissions that weir needs, and their review. */
export {
  type Interference,
  isInterference,
  type Permission,
  permissionsFor,
  permissionText,
} from './needs.ts'
export { mayI, type Reviewed, reviewPermissions } from './review.ts'
