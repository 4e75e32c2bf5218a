/** A port that an emulated node opens. `serves` is "nothing" where EMQX would speak TLS or WebSocket: what comes there is closed. */
export interface Listener {
  port: number
  serves: 'mqtt' | 'http' | 'nothing'
}
