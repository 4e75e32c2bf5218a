/** What weir does to an API server, and whether this user may. */
export { permissionsFor } from './needs.ts'
export { type Permission, permissionText } from './permission.ts'
export { mayI, type Reviewed, reviewPermissions } from './review.ts'
