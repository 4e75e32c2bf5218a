/** An API server's address for display and records, without path and credentials, which may contain secrets. */
export function serverName(server: string): string {
  return URL.canParse(server) ? new URL(server).origin : server
}
