import { decodeObjects, objectKinds } from '../mesh/config/decode.ts'
import { diagnose } from '../mesh/doctor/diagnose.ts'
import { evidenceQueries } from '../mesh/doctor/evidenceQueries.ts'
import type { Examined, Telemetry } from '../mesh/doctor/examined.ts'
import { monitoringKinds, monitoringOf } from '../mesh/doctor/monitors.ts'
import { doctorJson, doctorText, type Report } from '../mesh/doctor/report.ts'
import type { Scope, Window } from '../mesh/scope.ts'
import { RefusalError } from '../proxy/errors.ts'
import { evidenceOf } from '../proxy/evidence.ts'
import { factsOf } from '../proxy/facts.ts'
import { createFiles } from '../proxy/files.ts'
import { createTransport, type Transport } from '../proxy/transport.ts'
import { createUpstream, type Upstream } from '../proxy/upstream.ts'
import { oneLine } from './advice.ts'
import { type DoctorArguments, help, readDoctorArguments } from './doctorArguments.ts'
import { processItself, type Surroundings, withoutCredentials } from './graph.ts'

/**
 * `meshboard doctor`: prints why numbers are missing, wrong or doubtful. Gives the exit status: 0; 1 when the kubeconfig cannot be used;
 * 2 for wrong arguments; 3 when a finding is a failure, a Prometheus that does not answer among them.
 */
export async function doctor(argv: readonly string[], around: Surroundings = processItself): Promise<number> {
  const read = readDoctorArguments(argv)
  if (read.kind === 'help') {
    around.write(help)
    return 0
  }
  if (read.kind === 'wrong') {
    for (const problem of read.problems) around.complain(`meshboard doctor: ${oneLine(problem)}\n`)
    around.complain('meshboard doctor --help says more.\n')
    return 2
  }
  const asked = read.arguments
  const window: Window = { seconds: asked.window, at: Math.floor(around.now()) }
  const scope: Scope = {
    namespaces: asked.namespaces.length === 0 ? 'all' : asked.namespaces,
    peers: 'full',
    seesAll: true,
    matchers: asked.matchers,
  }
  const stopped = new AbortController()
  const transport = createTransport({ caFile: undefined, environment: around.environment, read: createFiles() })
  const [{ telemetry, notes }, cluster] = await Promise.all([
    telemetryOf(prometheusAt(asked, around, transport), { scope, window }, around, stopped.signal),
    clusterOf(asked, around, stopped.signal),
  ]).finally(() => transport.destroy())
  if (typeof cluster === 'string') {
    around.complain(`meshboard doctor: Kubernetes: ${cluster}\n`)
    return 1
  }
  const findings = diagnose({
    telemetry,
    window,
    namespaces: asked.namespaces,
    visible: null,
    ...cluster,
    unread: [...notes, ...cluster.unread],
  })
  const report: Report = {
    time: window.at,
    window: window.seconds,
    namespaces: asked.namespaces,
    prometheus: withoutCredentials(asked.prometheusUrl),
    ...(telemetry.kind === 'answered' && telemetry.facts.prometheusVersion !== undefined
      ? { prometheusVersion: telemetry.facts.prometheusVersion }
      : {}),
    withKubernetes: asked.kubeconfig !== undefined,
    findings,
    queries: evidenceQueries(scope, window),
  }
  around.write(asked.format === 'json' ? doctorJson(report) : doctorText(report))
  return findings.some(({ severity }) => severity === 'failure') ? 3 : 0
}

function prometheusAt(
  { prometheusUrl }: DoctorArguments,
  { environment }: Surroundings,
  transport: Transport,
): Upstream {
  const token = environment['MESHBOARD_PROMETHEUS_TOKEN']
  const headers: Readonly<Record<string, string>> =
    token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }
  return createUpstream(
    'prometheus',
    {
      name: 'prometheus',
      label: withoutCredentials(prometheusUrl),
      place: async () => ({ url: prometheusUrl, headers, by: await transport.to(prometheusUrl, {}) }),
    },
    {
      limits: { upstreamSeconds: 60, answerBytes: 64 * 1024 * 1024 },
      metrics: { upstreamEnded: () => undefined },
      log: { warn: () => undefined },
    },
  )
}

async function telemetryOf(
  prometheus: Upstream,
  { scope, window }: { readonly scope: Scope; readonly window: Window },
  { now }: Surroundings,
  signal: AbortSignal,
): Promise<{ readonly telemetry: Telemetry; readonly notes: readonly string[] }> {
  try {
    const [{ facts, notes, warnings }, deep] = await Promise.all([
      factsOf(prometheus, scope.matchers, window, signal),
      evidenceOf(prometheus, scope, window, now, signal),
    ])
    const warned = [...new Set([...warnings, ...deep.warnings])].map((warning) => `Prometheus warns: ${warning}`)
    return {
      telemetry: { kind: 'answered', facts, evidence: deep.evidence },
      notes: [...notes, ...deep.notes, ...warned],
    }
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    const { message, hint } = error.refusal
    return { telemetry: { kind: 'failed', message: oneLine(message), hint }, notes: [] }
  }
}

/** What the cluster says, or why it does not. */
async function clusterOf(
  { kubeconfig, context }: DoctorArguments,
  { environment }: Surroundings,
  signal: AbortSignal,
): Promise<Pick<Examined, 'objects' | 'hasIstioApi' | 'monitoring' | 'unread'> | string> {
  if (kubeconfig === undefined) return { unread: [] }
  try {
    // Loaded only when asked for: most runs need no YAML.
    const [{ readAccess }, { readLists }] = await Promise.all([
      import('../proxy/kubeconfig.ts'),
      import('./kubernetes.ts'),
    ])
    const access = await readAccess(kubeconfig, context, environment)
    const lists = await readLists([...objectKinds, ...Object.values(monitoringKinds)], access, signal)
    const itemsOf = (kind: string): readonly unknown[] => {
      const items = lists.get(kind)
      return items === undefined || typeof items === 'string' ? [] : items
    }
    const known = [...lists].flatMap(([kind, items]) => (typeof items === 'string' ? [] : [[kind, items] as const]))
    const { objects, skipped } = decodeObjects(Object.fromEntries(known))
    const refused = [...lists].flatMap(([kind, items]) => (items === 'forbidden' ? [kind] : []))
    return {
      objects,
      hasIstioApi: lists.get('virtualservices.networking.istio.io') !== 'notServed',
      ...(lists.get(monitoringKinds.prometheuses) === 'notServed'
        ? {}
        : {
            monitoring: monitoringOf({
              prometheuses: itemsOf(monitoringKinds.prometheuses),
              podMonitors: itemsOf(monitoringKinds.podMonitors),
              serviceMonitors: itemsOf(monitoringKinds.serviceMonitors),
            }),
          }),
      unread: [
        ...(refused.length === 0 ? [] : [`Kubernetes does not let you list ${refused.join(', ')}`]),
        ...skipped.map(({ reason, count }) => `${count} × ${reason}`),
      ],
    }
  } catch (error) {
    return oneLine(error instanceof Error ? error.message : String(error))
  }
}
