/** The listeners of a node that was told nothing else, as HOCON. */
export const DEFAULT_CONFIG = `listeners {
  ssl {default {bind = "0.0.0.0:8883", enable = true}}
  tcp {default {bind = "0.0.0.0:1883", enable = true}}
  ws {default {bind = "0.0.0.0:8083", enable = true}}
  wss {default {bind = "0.0.0.0:8084", enable = true}}
}
`
