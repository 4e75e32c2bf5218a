import type { evictions as english } from '../evictions.ts'
import { between, exit, percent, seconds, when } from './chinese.ts'
import { evacuations } from './evacuations.ts'

/** Messages of the assertions in facts/assertions/evictions.ts. */
export const evictions: typeof english = {
  'eviction-envelope': {
    bound: ({ rate, burst }) => `每个节点每秒最多断开 ${rate} 个，突发不超过 ${burst} 个`,
    over: (v) =>
      `${when(v.at)} ${v.node === undefined ? '所有旧节点合计' : `${v.node} `}在 ${seconds(v.tookNs)}内断开了 ${v.clients} 个客户端；每秒 ${v.rate} 个的速率只允许 ${v.allowed} 个。`,
    measured: ({ burst }) => `突发 ${burst} 个`,
    measuredWorst: ({ burst, node }) => `最大突发 ${burst} 个（${node}）`,
    held: (v) =>
      `${v.nodes} 个节点共断开 ${v.evictions} 次，单个节点超出每秒 ${v.rate} 个的部分从未多于 ${v.burst} 个。`,
    unknownNodes: ({ share, evictions }) => ({
      measured: `${percent(share)} 的断开所属节点未知`,
      why: `${evictions} 次断开中有 ${percent(share)} 所属节点未知`,
    }),
    burstSeen: '最密集的一段断开',
  },
  'eviction-slope': {
    bound: ({ least, most, drainSeconds }) =>
      `疏散时间至少 ${drainSeconds} 秒时，每秒下降 ${least.toFixed(1)} 至 ${most.toFixed(1)}`,
    boundSteepest: ({ rate, width }) => `每秒最多 ${rate} 个，允许 ${width} 秒的误差`,
    noDrain: { measured: '没有疏散', why: '记录中没有旧节点的指标下降' },
    noDrainSettle: '请在旧节点疏散期间抓取它们。',
    measuredAll: ({ slopes }) => `每秒 ${slopes.join('、')}`,
    held: ({ drains, slopes, metric }) => `${drains} 次疏散，每秒下降 ${slopes.join('、')}（${metric}）。`,
    heldOne: ({ node }) => `${node} 均匀下降。`,
    measuredDrop: ({ drop, ns }) => `${seconds(ns)}内下降 ${drop}`,
    steep: (v) =>
      `从${when(v.at)}开始，${v.node} 的指标在 ${seconds(v.ns)}内下降了 ${v.drop}；每秒 ${v.rate} 个的速率只允许 ${v.allowed}（${v.metric}）。`,
    measuredSlope: ({ slope }) => `每秒 ${slope}`,
    wrongSlope: (v) =>
      `从${when(v.at)}开始的 ${v.spanSeconds.toFixed(0)} 秒内，${v.node} 的指标每秒下降 ${v.slope}，比配置的每秒 ${v.rate} ${v.isSteep ? '快' : '慢'}（${v.metric}）。`,
    measuredReadings: ({ readings, spanSeconds }) => `${spanSeconds.toFixed(0)} 秒内有 ${readings} 个读数`,
    notJudged: ({ node, why }) => `${node} 的下降速率不能确定：${why}`,
    fewReadings: ({ readings }) => `其疏散只有 ${readings} 个读数`,
    shortDrain: ({ spanSeconds }) => `其疏散只用了 ${spanSeconds.toFixed(0)} 秒`,
    hole: ({ ns }) => `其疏散有 ${seconds(ns)}没有抓取`,
    noReading: '对它的抓取没有一次成功',
    notJudgedSettle: '请延长疏散时间（增加客户端或降低速率），或无间断地抓取。',
  },
  'eviction-floor': {
    bound: ({ least }) => `平均每秒至少 ${least.toFixed(1)} 个`,
    unknownNodes: ({ share }) => ({
      measured: `${percent(share)} 的断开所属节点未知`,
      why: '太多的断开所属节点未知',
    }),
    tooShort: ({ ticks, rate }) => ({
      measured: `没有持续 ${ticks} 个周期的疏散`,
      why: `没有节点断开超过 ${ticks} 个周期、每个周期 ${rate} 个客户端`,
    }),
    tooShortSettle: '请增加每个节点的客户端，或降低速率。',
    measured: ({ perSecond, node }) => `最慢为每秒 ${perSecond.toFixed(1)} 个（${node}）`,
    held: ({ drains, perSecond }) => `${drains} 次疏散平均每秒至少断开 ${perSecond.toFixed(1)} 个。`,
    slow: (v) =>
      `从${when(v.at)}开始，${v.node} 用了 ${seconds(v.tookNs)}断开 ${v.evictions} 个客户端：每秒 ${v.perSecond.toFixed(1)} 个，而配置为每秒 ${v.rate} 个。`,
    drainSeen: ({ node }) => `${node} 的疏散`,
  },
  'gauge-truth': {
    bound: (v) =>
      `与 ${v.staleSeconds} 秒内的客户端连接数相符，误差 ± ${v.tolerance} 或 ${v.toleranceShare * 100}%`,
    noClients: '记录中没有可与指标比较的客户端连接',
    measuredWrong: ({ value, least, most }) => `指标为 ${value}，实际连接为 ${least} 至 ${most}`,
    wrong: (v) =>
      `${when(v.at)} ${v.node} 的 ${v.metric} 为 ${v.value}，而实际有 ${v.least} 至 ${v.most} 个客户端在线；${v.readings} 个读数中有 ${v.wrong} 个错误${v.others > 0 ? `，另有 ${v.others} 个指标也有错误` : ''}。`,
    fewChecked: ({ coverage, readings, all }) => ({
      measured: `${percent(coverage)} 的读数可以核对`,
      why: `${all} 个读数中只有 ${readings} 个可以与客户端比较`,
    }),
    fewCheckedSettle: '请修复失败的抓取，并列出每个节点的客户端。',
    measured: ({ readings, wrong }) => `${readings} 个读数，${wrong} 个有偏差`,
    held: ({ readings, metrics }) => `${metrics.join('、')} 的 ${readings} 个读数与客户端的连接相符。`,
    connectionsSeen: '同一时间的连接',
  },
  ...evacuations,
  'initial-delay': {
    bound: (v) =>
      `第一次断开在${v.start}之后 ${v.fromSeconds} 至 ${v.mostSeconds} 秒（以整秒计：${v.leastSeconds} 秒起）`,
    setServes: '新节点组开始服务',
    resourceAvailable: '资源变为可用',
    noStart: '记录没有显示新节点组何时开始服务',
    noAvailable: '资源从未报告何时变为可用',
    blindEndpoints: '在此前后，Endpoints 的监视连接曾丢失',
    blindResource: '在此前后，资源的监视连接曾丢失',
    noEviction: '没有客户端被断开',
    measured: ({ min, max }) => {
      if (max < 0) return `提前 ${max - min < 0.1 ? `${(-max).toFixed(1)} 秒` : between(-max, -min)}`
      if (min < 0) return `提前 ${(-min).toFixed(1)} 秒至延后 ${max.toFixed(1)} 秒`
      return max - min < 0.1 ? `${max.toFixed(1)} 秒` : between(min, max)
    },
    firstEvictionSeen: '第一次断开',
    early: (v) =>
      `第一个客户端在${when(v.at)}被断开，即${v.start}${v.seconds < 0 ? `之前 ${(-v.seconds).toFixed(1)}` : `之后 ${v.seconds.toFixed(1)}`} 秒：没有遵守 initialDelaySeconds ${v.delay} 秒${healthCheckWait(v.wait)}。`,
    late: (v) =>
      `第一个客户端在${v.start}之后 ${v.seconds.toFixed(1)} 秒才被断开；initialDelaySeconds ${v.delay} 秒${healthCheckWait(v.wait)}和一次 ${v.poll} 秒的轮询只能解释 ${v.most} 秒。`,
    unsampled: ({ at, measured }) =>
      `${when(at)}第一个连接丢失时没有采样疏散状态（${measured}），因此这可能不是疏散造成的断开`,
    stretched: ({ measured, stretch, least }) =>
      `第一次断开与起点相距 ${measured}，其中可能包含 ${stretch.toFixed(1)} 秒的停顿，因此不能证明至少等待了 ${least} 秒`,
    tooShort: ({ measured, delay, early }) =>
      `第一次断开与起点相距 ${measured}，而 EMQX Operator 以整秒计时，${delay} 秒的 initialDelaySeconds 可能短至多 ${early} 秒`,
    tooShortSettle: ({ early }) => `请将 initialDelaySeconds 设为大于 ${early}。`,
    imprecise: ({ ns }) => `该延迟的精度只有 ${seconds(ns)}`,
    impreciseSettle: '请缩短采样间隔，并同步时钟。',
    held: ({ seconds, start, wait }) =>
      `第一个客户端在${start}之后 ${seconds.toFixed(1)} 秒被断开${wait > 0 ? `，其中 ${wait} 秒是 EMQX 的健康检查等待` : ''}。`,
  },
  'undisturbed-before': {
    bound: ({ clients }) => `第一次疏散之前丢失的连接不超过 ${clients} 个`,
    noClients: '记录中没有触发，或没有客户端',
    noClientsSettle: '请在更改之前连接客户端。',
    neverPolled: ({ lost }) =>
      `从未向 EMQX 查询疏散状态，因此 ${lost} 个连接可能在第一次疏散开始之前或之后中断`,
    neverPolledSettle: '请采样疏散状态。',
    unsampled: ({ at }) => `${when(at)}第一个连接丢失时没有采样疏散状态`,
    measured: ({ lost }) => `${lost} 个连接`,
    held: ({ until }) => `从触发到${until}，没有客户端丢失连接。`,
    crashedUnchanged: (v) =>
      `没有任何更改，${v.clients} 个客户端却丢失了连接：${when(v.at)} ${v.node} 的容器终止，${exit(v)}。`,
    crashSeen: ({ node }) => `Pod ${node} 的状态`,
    untilEvacuation: '第一次疏散',
    untilLastSample: '疏散状态的最后一个采样',
    lost: ({ clients, nodes, at }) =>
      `${nodes.join('、')} 的 ${clients} 个客户端在任何节点疏散之前丢失了连接，第一个在${when(at)}。`,
    spanSeen: '从触发到第一次疏散',
    lostSeen: '过早丢失的连接',
  },
  'switch-before-evict': {
    bound: '第一次断开时 Service 恰好指向新节点组，此后不再指向旧 Pod，并且从不为空',
    noEndpoints: '记录中没有 Service 的 Endpoints',
    noEviction: '没有客户端被断开',
    noNewSet: '记录中没有新节点组',
    neverReady: 'Service 从未有就绪的 Pod',
    neverReadySettle: '请修正 Service 的选择器，使其指向 EMQX 的 Pod。',
    blindWhileEmpty: 'Endpoints 为空期间，其监视连接曾丢失',
    blindBefore: '第一次断开之前，Endpoints 的监视连接曾丢失',
    blindLater: 'Endpoints 的监视连接曾丢失一段时间',
    measuredEmpty: ({ ns }) => `为空 ${seconds(ns)}`,
    empty: ({ service, ns, at }) =>
      `${when(at)} Service ${service} 有 ${seconds(ns)}没有任何 Endpoints，因此新连接被拒绝。`,
    emptySeen: '没有就绪的 Endpoints',
    closeCall: '流量切换紧接在第一次断开之后被记录，因此两者的先后无法确定',
    unsampled: ({ at }) => `${when(at)}第一个连接丢失时没有采样疏散状态，因此这可能不是疏散造成的断开`,
    contradicted: 'Endpoints 的监视与客户端相互矛盾：重新连接的客户端都连到了新节点',
    measuredWrong: ({ old, missing }) => `包含 ${old} 个旧 Pod，缺少 ${missing} 个新 Pod`,
    wrong: ({ at, old, missing }) => {
      const what = [
        ...(old.length > 0 ? [`仍指向 ${old.length} 个旧 Pod（${old.join('、')}）`] : []),
        ...(missing.length > 0 ? [`尚未指向 ${missing.join('、')}`] : []),
      ]
      return `在第一次断开时（${when(at)}），Service ${what.join('，且') || '指向其他 Pod'}：被断开的客户端可能连到会再次断开它们的节点。`
    },
    endpointsSeen: ({ pods }) => `Endpoints：${pods?.join('、') ?? '未知'}`,
    measuredBack: ({ old }) => `${old} 个旧 Pod 重新加入`,
    back: ({ pods, at }) => `${pods.join('、')} 在${when(at)}重新加入 Service，而此时断开已经开始。`,
    measured: ({ ns }) => `在第一次断开之前 ${seconds(ns)}切换`,
    held: ({ pods, ns }) =>
      `在第一次断开之前 ${seconds(ns)}，Service 已恰好指向 ${pods} 个新 Pod，此后没有再指向旧 Pod。`,
  },
}

const healthCheckWait = (wait: number) => (wait > 0 ? `和健康检查等待 ${wait} 秒` : '')
