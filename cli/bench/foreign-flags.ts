/** Flags of MQTTX's other commands, of emqtt_bench and of mosquitto_pub and mosquitto_sub that bench does not have, and what to use instead. */

const use = (flag: string): string => `use ${flag}`
const NOTHING = 'it has no counterpart here: leave it out'
const OF_ONE_CLIENT = 'it belongs to mqttx conn, sub and pub, not to a load test: leave it out'

/** By the flag as it is typed. Consulted only for flags that a command does not have. */
export const FOREIGN_FLAGS: Readonly<Record<string, string>> = {
  // emqtt_bench
  '-R': 'the rate of connections (emqtt_bench) is --rate',
  '--connrate': use('--rate'),
  '--conn_rate': use('--rate'),
  '-n': 'the first index (emqtt_bench) is --start-number, and an empty message (mosquitto_pub) is -m ""',
  '--startnumber': use('--start-number'),
  '--interval_of_msg': use('-im'),
  '-s': 'the size of messages (emqtt_bench) is -S, e.g. -S 256B; messages from standard input are not supported',
  '--size': use('-S, e.g. -S 256B'),
  '-S': 'messages are published by bench pub; encryption (emqtt_bench) is -l mqtts or -l wss',
  '--ssl': use('-l mqtts or -l wss'),
  '--ws': use('-l ws or -l wss'),
  '--quic': 'MQTT over QUIC is not supported: use -l mqtt, mqtts, ws or wss',
  '--cacertfile': use('--ca'),
  '--certfile': use('--cert'),
  '--keyfile': use('--key'),
  '--prefix': use('-I, e.g. -I PREFIX_%i'),
  '--shortids': use('-I %i'),
  '-C': 'sessions (emqtt_bench) are --clean and --no-clean; a number of messages (mosquitto_sub) cannot be waited for, use --duration',
  '-x': use('-se, the session expiry interval in seconds'),
  '--expiry': use('-se'),
  '-F': use('--window of bench pub for messages in flight'),
  '--inflight': use('--window of bench pub'),
  '--num-retry-connect': use('--maximum-reconnect-times'),
  '-Q': 'latencies are always measured: leave it out',
  '--qoe': 'latencies are always measured: leave it out',
  '--lowmem': NOTHING,
  '--dist': NOTHING,
  '--log_to': NOTHING,
  '--load-qst': NOTHING,
  '--force-major-gc-interval': NOTHING,
  '--topics-payload': 'its file is not read here: use several runs, or --file-read with --split',
  '--retry-interval': NOTHING,
  // mosquitto_pub and mosquitto_sub
  '-d': 'a duration is --duration SECONDS; emqtt_bench’s distribution and mosquitto’s debugging output have no counterpart',
  '-A': use('--ifaddr'),
  '-D': 'user properties are -up "name: value", and the other properties have flags of their own (--help)',
  '--property':
    'user properties are -up "name: value", and the other properties have flags of their own (--help)',
  '-E': NOTHING,
  '-f': use('--file-read of bench pub'),
  '--file': use('--file-read of bench pub'),
  '-L': 'a number of messages is for bench pub; a broker is named with -h, -p and -l',
  '-M': use('--window of bench pub'),
  '-N': 'clients are counted by -c, and messages by -L of bench pub',
  '-T': NOTHING,
  '-U': NOTHING,
  '-W': use('--duration'),
  '--id': use('-I'),
  '--id-prefix': use('-I, e.g. -I PREFIX_%i'),
  '--cafile': use('--ca'),
  '--capath': use('--ca with one file of all certificates'),
  '--disable-clean-session': use('--no-clean'),
  '--nodelay': 'connections never wait for acknowledgements: leave it out',
  '--proxy': 'SOCKS is not supported; the header of a proxy is --proxy-protocol',
  '--psk': 'TLS with pre-shared keys is not supported: use --cert and --key',
  '--psk-identity': 'TLS with pre-shared keys is not supported: use --cert and --key',
  '--quiet': use('--json, or ignore standard error'),
  '--repeat': use('-L of bench pub'),
  '--repeat-delay': use('-im of bench pub, in milliseconds'),
  '--tls-alpn': use('--alpn'),
  '--tls-version': 'TLS 1.2 and 1.3 are negotiated: leave it out',
  '--tls-use-os-certs': 'they are trusted unless --ca is given: leave it out',
  '--unix': 'Unix sockets are not supported: use -h and -p',
  '--will-payload': use('--will-message'),
  // MQTTX
  '--stdin': OF_ONE_CLIENT,
  '--multiline': OF_ONE_CLIENT,
  '--format': OF_ONE_CLIENT,
  '--output-mode': OF_ONE_CLIENT,
  '--file-write': OF_ONE_CLIENT,
  '--file-save': OF_ONE_CLIENT,
  '--delimiter': OF_ONE_CLIENT,
  '--protobuf-path': OF_ONE_CLIENT,
  '--avsc-path': OF_ONE_CLIENT,
  '--config': use('--load-options'),
  // What people try
  '--host': use('-h'),
  '--broker': use('-h'),
  '--server': use('-h'),
  '--url': use('-h, -p and -l'),
  '--user': use('-u'),
  '--pass': use('-P, or WEIR_MQTT_PASSWORD'),
  '--pw': use('-P, or WEIR_MQTT_PASSWORD'),
  '--clientid': use('-I'),
  '--client_id': use('-I'),
  '--clients': use('-c'),
  '--connections': use('-c'),
  '--threads': use('--workers'),
  '--time': use('--duration'),
  '--seconds': use('--duration'),
  '--messages': use('-L of bench pub'),
  '--payload': use('-m for a text, or -S for random bytes, of bench pub'),
  '--message-size': use('-S of bench pub'),
  '--tls': use('-l mqtts or -l wss'),
  '--clean-session': use('--clean'),
  '--keep-alive': use('-k'),
}

/** Values that other tools take where this one does not, by the flag's long name. */
export const FOREIGN_VALUES: Readonly<Record<string, (value: string) => string | undefined>> = {
  'mqtt-version': (value) =>
    /^(mqttv?5|v5)$/i.test(value)
      ? use('-V 5')
      : /^(mqttv?311|v?311|v3\.1\.1|4)$/i.test(value)
        ? use('-V 3.1.1')
        : undefined,
  protocol: (value) =>
    /^(ssl|tls|mqtt\+ssl)$/i.test(value)
      ? use('-l mqtts')
      : /^tcp$/i.test(value)
        ? use('-l mqtt')
        : /^https?$/i.test(value)
          ? use(value.length > 4 ? '-l wss' : '-l ws')
          : undefined,
  'payload-size': (value) =>
    /^(true|false)$/.test(value) ? 'encryption (-S of emqtt_bench) is -l mqtts or -l wss' : undefined,
  interval: () => 'the client id (-i of mosquitto) is -I',
  limit: (value) =>
    value.includes('://') ? 'a broker (-L of mosquitto) is named with -h, -p and -l' : undefined,
}
