/** The permissions that weir needs, and their review. */
export { permissionsFor } from './needs.ts'
export { type Permission, permissionText } from './permission.ts'
export { mayI, type Reviewed, reviewPermissions } from './review.ts'
