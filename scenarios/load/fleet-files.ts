/** The files that a scenario's fleet names. */
interface NamesFiles {
  credentials?: string
  transport?: { ca?: string; cert?: string; key?: string }
}

/** The fleet with each path of a file changed. */
export function withFiles<Fleet extends NamesFiles>(fleet: Fleet, changed: (path: string) => string): Fleet {
  const { credentials, transport } = fleet
  const files = (['ca', 'cert', 'key'] as const).flatMap((name) => {
    const path = transport?.[name]
    return path === undefined ? [] : [[name, changed(path)]]
  })
  return {
    ...fleet,
    ...(credentials !== undefined && { credentials: changed(credentials) }),
    ...(transport && { transport: { ...transport, ...Object.fromEntries(files) } }),
  }
}
