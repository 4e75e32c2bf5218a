/** An API server's address as it may be shown and recorded: proxies put tokens into paths, and some people passwords. */
export function serverName(server: string): string {
  return URL.canParse(server) ? new URL(server).origin : server
}
