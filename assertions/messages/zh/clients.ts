import { MQTT_CODE_WORDS } from '#weir/facts/mqtt-codes.ts'
import type { clients as english, Sum } from '../clients.ts'
import { exit, listed, quantiles, seconds, when } from './chinese.ts'

/** Messages of the assertions in facts/assertions/clients.ts. */
export const clients: typeof english = {
  landing: {
    bound: ({ pValue }) => `旧节点上为 0，且分布均匀（p ≥ ${pValue}）`,
    none: { measured: '没有新连接', why: '第一次断开之后没有客户端连接' },
    noneSettle: '请运行客户端被断开后会重新连接的场景。',
    perNode: ({ landings, others }) =>
      [
        ...landings.map(({ node, connections }) => `${node}=${connections}`),
        ...(others > 0 ? [`其他=${others}`] : []),
      ].join(' '),
    seen: '第一次断开之后的连接',
    measuredOld: ({ onOld, total }) => `${total} 个中有 ${onOld} 个连到旧节点`,
    onOld: ({ onOld, total, node, at }) =>
      `开始断开客户端之后建立的 ${total} 个连接中，有 ${onOld} 个连到了旧节点，第一个在${when(at)}连到 ${node}：这些客户端必须再次迁移。`,
    unsampled: ({ onOld, at }) =>
      `有 ${onOld} 个连接连到了旧节点，但${when(at)}第一个连接丢失时没有采样疏散状态，因此疏散可能尚未开始断开客户端`,
    onOldSeen: '连到旧节点的连接',
    unknownNodes: ({ unknown, total }) => ({
      measured: `${total} 个中有 ${unknown} 个未知`,
      why: `${total} 个新连接中有 ${unknown} 个所在的节点没有出现在任何客户端列表中`,
    }),
    unknownNodesSettle: '请更频繁地列出每个节点的全部客户端。',
    measuredUneven: ({ pValue }) => `不均匀，p = ${pValue.toExponential(1)}`,
    severalAddresses: ({ perNode, addresses }) =>
      `连接在新节点之间分布不均匀（${perNode}），而客户端经由 ${addresses} 个地址连接，这些地址可能通向不同的节点`,
    severalAddressesSettle: '请用 --address 或 fleet.connection 让客户端只使用一个地址。',
    uneven: ({ total, perNode }) => `${total} 个连接在新节点之间分布不均匀：${perNode}。`,
    measured: ({ total, pValue }) => `${total} 个中有 0 个连到旧节点，p = ${pValue.toPrecision(2)}`,
    held: ({ connections, perNode }) =>
      `第一次断开之后的 ${connections} 个连接全部连到了新节点：${perNode}。`,
  },
  hops: {
    bound: ({ onceShare, most, perClient }) =>
      `至少 ${onceShare * 100}% 只迁移一次，任何客户端不超过 ${most} 次，平均每个客户端不超过 ${perClient} 次`,
    measured: ({ share, most, perClient }) =>
      `${(share * 100).toFixed(1)}% 只迁移一次，最多 ${most} 次，平均每个客户端 ${perClient} 次`,
    held: ({ once, evicted }) => `${evicted} 个客户端中有 ${once} 个恰好迁移了一次。`,
    heldByPods: (v) =>
      `${v.nodes} 个节点逐一替换期间，${v.evicted} 个客户端共迁移 ${v.evictions} 次，任何客户端都不超过 ${v.most} 次。`,
    dropped: (v) => {
      const others = v.others > 0 ? `和另外 ${v.others} 个${v.isNew ? '新' : ''}节点` : ''
      const why = v.crash ? `${v.node} 的容器已终止，${exit(v.crash)}` : '没有任何操作疏散或删除过这些节点'
      const lost = v.isNew ? '迁移之后再次失去了与' : '失去了与'
      return `${v.clients} 个客户端${lost} ${v.node} ${others}的连接，第一个在${when(v.at)}：${why}。`
    },
    neverPolled: ({ evictions }) =>
      `与保留节点的 ${evictions} 个连接中断，而 weir 从未向 EMQX 查询是否正在疏散这些节点`,
    droppedSeen: '与保留节点的连接中断',
    seen: '全部断开',
    again: (v) =>
      `${v.evicted} 个客户端中有 ${v.again} 个被断开不止一次，其中一个被断开 ${v.most} 次，从${when(v.at)}开始：${v.clients} 个客户端共被断开 ${v.evictions} 次。`,
    againSeen: '第二次及以后的断开',
  },
  'no-storm': {
    bound: ({ rate, burst }) => `每秒最多 ${rate} 次连接尝试，突发不超过 ${burst} 次`,
    none: { measured: '没有连接尝试', why: '触发后没有客户端尝试连接' },
    seen: '最密集的一段连接尝试',
    measured: ({ burst }) => `突发 ${burst} 次`,
    held: ({ attempts, burst, rate }) =>
      `共 ${attempts} 次连接尝试，超出每秒 ${rate} 次的部分从未多于 ${burst} 次。`,
    vacuous: ({ held, burst }) =>
      `客户端的重连延迟差异很大，因此允许突发 ${burst} 次连接尝试，而一个节点一次断开全部 ${Math.floor(held)} 个客户端也不会超过此数`,
    vacuousSettle: '请增加每个节点的客户端、降低速率，或使用差异较小的重连延迟。',
    storm: (v) =>
      `${when(v.at)}出现重连风暴：${seconds(v.tookNs)}内有 ${v.attempts} 次连接尝试，而每秒 ${v.rate} 次的速率只允许 ${v.allowed} 次。`,
  },
  amplification: {
    bound: ({ perEviction }) => `每次断开最多 ${perEviction} 次连接尝试`,
    measured: ({ ratio }) => `每次断开 ${ratio.toFixed(3)} 次连接尝试`,
    seen: '连接尝试和断开',
    held: ({ attempts, evictions }) =>
      `重新连接的客户端共被断开 ${evictions} 次，连接尝试为 ${attempts} 次。`,
    exceeded: (v) =>
      `断开 ${v.evictions} 次，连接尝试却有 ${v.attempts} 次：其中 ${v.refusals} 次被拒绝，${v.failures} 次没有应答，客户端随后重试。`,
  },
  'offline-peak': {
    bound: ({ most }) => `同时离线的客户端最多 ${most} 个`,
    none: '没有',
    measured: ({ peak }) => `${peak} 个客户端`,
    seen: '离线客户端数量的峰值',
    held: ({ peak, at }) => `同时离线的客户端最多为 ${peak} 个，在${when(at)}。`,
    slowBefore: ({ peak, most, ns }) =>
      `同时离线的客户端达到 ${peak} 个，允许 ${most} 个，但更改之前建立一个连接就已需要最长 ${seconds(ns)}`,
    exceeded: ({ peak, at, rate, most }) =>
      `${when(at)}有 ${peak} 个客户端同时离线；按每秒 ${rate} 个的速率和客户端的重连延迟，只允许 ${most} 个。`,
  },
  downtime: {
    bound: (v) =>
      `最多 ${seconds(v.delayNs)} × (1 + 被拒绝次数) + ${v.graceSeconds} 秒，且不超过 ${v.mostSeconds} 秒`,
    none: '没有客户端离线',
    measured: (v) => quantiles(v, '没有客户端重新连接'),
    held: (v) =>
      `全部 ${v.spells} 次离线都在 ${v.maxSeconds} 秒内结束，其中一半在 ${v.p50Seconds} 秒内结束。`,
    doubtful: ({ periods, ns }) => `有 ${periods} 次离线超时最多 ${seconds(ns)}，可能由 weir 自身的延迟造成`,
    seen: '每个客户端从断开到收到 CONNACK',
    late: (v) => {
      const times = v.periods > v.clients ? `，共 ${v.periods} 次` : ''
      const back = Number.isFinite(v.tookNs) ? `用了 ${seconds(v.tookNs)}才重新连接` : '一直没有重新连接'
      return `${v.clients} 个客户端的离线时间过长${times}；${v.client} 在${when(v.at)}与 ${v.node} 断开，${back}。`
    },
  },
  refusals: {
    bound: ({ most, share, clients }) => `最多被拒绝 ${most} 次（${clients} 的 ${share * 100}%）`,
    none: { measured: '没有客户端', why: '没有客户端收到过 CONNACK' },
    measured: ({ refusals }) => `被拒绝 ${refusals} 次`,
    held: ({ refusals, codes }) =>
      refusals === 0 ? '没有客户端被拒绝。' : `被拒绝 ${refusals} 次：${byCode(codes)}。`,
    seen: '全部 CONNACK',
    exceeded: (v) =>
      `从${when(v.at)}开始，${v.clients} 个客户端的 ${v.refusals} 个 CONNECT 被拒绝：${byCode(v.codes)}。`,
    refusedSeen: '表示拒绝的 CONNACK',
  },
  conservation: {
    bound: ({ clients }) =>
      `最后有 ${clients} 个客户端，每个恰好一个连接；各节点指标之和的偏差不超过离线数量`,
    measured: ({ connected, away, lost }) => `${connected} 个在线，${away} 个按计划离开，${lost} 个丢失`,
    seen: '直到最终状态的连接',
    lost: (v) =>
      `${v.clients} 个客户端中有 ${v.lost} 个没有重新连接：${v.client} 在${when(v.at)}失去与 ${v.node} 的连接，${seconds(v.goneNs)}之后仍然离线。`,
    twice: (v) =>
      `${v.clients} 个客户端同时被两个节点列为在线：${v.nodes} 都仍列出 ${v.client}，它在${when(v.at)}建立连接。`,
    nodes: ({ nodes }) => listed(nodes),
    listingsSeen: ({ nodes }) => `${nodes} 的客户端列表`,
    unlisted: ({ missing, clients, client }) =>
      `${clients} 个客户端中有 ${missing} 个的连接没有被任何节点列出，例如 ${client}。`,
    lastListingsSeen: '所有节点最后的客户端列表',
    neverConnected: ({ missing, clients, client }) =>
      `${clients} 个客户端中有 ${missing} 个从未连接，例如 ${client}。`,
    onTheWay: ({ onTheWay, clients }) =>
      `记录结束时，${clients} 个客户端中有 ${onTheWay} 个刚刚离线，可能正在重新连接`,
    onTheWaySettle: '请在最后一次迁移之后继续运行几秒。',
    held: ({ connected, away, sum }) =>
      `应当重连的 ${connected} 个客户端最后全部在线${away > 0 ? `，另有 ${away} 个按计划离开` : ''}${sum === undefined ? '；没有可供比较的抓取' : `；${sum.metric} 之和${howOften(sum)}与之相符`}。`,
    measuredStray: ({ value, clients }) => `${clients} 个客户端，指标之和为 ${value}`,
    stray: (v) =>
      `${when(v.at)}所有节点的 ${v.metric} 之和为 ${v.value}；正在迁移的客户端只能解释 ${Math.ceil(v.low)} 至 ${Math.floor(v.high)}。`,
    allNodes: '所有节点',
    measuredNothing: '没有客户端，也没有抓取',
    measuredHoles: ({ holes }) => `有 ${holes} 个时刻无法求和`,
    noSums: '记录中没有客户端，并且缺少部分节点的指标',
    noSumsSettle: '请使用包含客户端事件的记录，或无间断地抓取所有节点。',
    measuredSums: ({ least, most }) => `${least} 至 ${most}`,
    heldSums: ({ sum, clients }) =>
      `客户端为 ${clients} 个，所有节点的 ${sum.metric} 之和${howOften(sum)}为 ${sum.least} 至 ${sum.most}。`,
  },
}

const howOften = ({ readings, holes }: Sum): string =>
  holes === 0 ? '始终' : `在可求和的 ${readings} 个时刻（另有 ${holes} 个时刻未知）`

type Codes = readonly (readonly [code: number, times: number])[]

const byCode = (codes: Codes) => codes.map(([code, times]) => `${times} × ${connackReason(code)}`).join('，')

/** "0x9C（use another server）": the words are those of MQTT. */
function connackReason(code: number): string {
  const shown =
    code < 0 ? '没有返回码' : code < 128 ? `返回码 ${code}` : `0x${code.toString(16).toUpperCase()}`
  const words = MQTT_CODE_WORDS[code]
  return words === undefined ? shown : `${shown}（${words}）`
}
