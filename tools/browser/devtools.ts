export interface Message {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: unknown
  error?: unknown
}

/** The Chrome DevTools Protocol over one WebSocket. */
export async function connect(url: string) {
  const socket = new WebSocket(url)
  await new Promise((open, fail) => {
    socket.onopen = open
    socket.onerror = fail
  })
  const waiting = new Map<number, (message: Message) => void>()
  const listeners: ((message: Message) => void)[] = []
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.id !== undefined) waiting.get(message.id)?.(message)
    else for (const listener of listeners) listener(message)
  }
  let lastId = 0
  return {
    listen: (listener: (message: Message) => void) => listeners.push(listener),
    async send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
      const id = ++lastId
      const answer = new Promise<Message>((done) => waiting.set(id, done))
      socket.send(JSON.stringify({ id, method, params, sessionId }))
      const { result, error } = await answer
      if (error) throw new Error(`${method}: ${JSON.stringify(error)}`)
      return result as T
    },
  }
}
