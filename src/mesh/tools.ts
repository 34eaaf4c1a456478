/**
 * The tools beside Meshboard: which Services of a cluster are Kiali, Jaeger, Grafana and Prometheus, which of them may be linked, and how
 * a browser reaches them. Facts: the charts of Istio's samples, Rancher Monitoring, Prometheus Federator and kube-prometheus-stack.
 */

import { shellWord } from './shellWord.ts'

/** In the order in which they are shown. */
export const toolNames = ['prometheus', 'jaeger', 'kiali', 'grafana'] as const
export type ToolName = (typeof toolNames)[number]

/** What people call them. */
export const toolTitles: Readonly<Record<ToolName, string>> = {
  prometheus: 'Prometheus',
  jaeger: 'Jaeger',
  kiali: 'Kiali',
  grafana: 'Grafana',
}

/** Those that show every team's traffic to whoever opens them. */
export const showsAllTeams: ReadonlySet<ToolName> = new Set<ToolName>(['kiali', 'jaeger'])

/** A Service as the cluster lists it, as far as telling tools apart takes it. */
export interface ListedService {
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly targetPort?: number | string }[]
}

/** One port of a Service that answers with a tool's pages. */
export interface ToolService {
  readonly namespace: string
  readonly name: string
  readonly scheme: 'http' | 'https'
  /** Its number, or its name. */
  readonly port: number | string
  /** Below the port, ending in a slash or empty; absent: the first of `pathsOf` that answers. */
  readonly path?: string
}

interface Rule {
  /** Values of the label `app`. */
  readonly apps: readonly string[]
  /** The port of the pages, by number and by name. */
  readonly ports: readonly number[]
  readonly portNames: readonly string[]
  /** Where the pages may begin, the likeliest first. */
  readonly paths: readonly string[]
  /** Where the usual charts put it, for viewers for whom nobody can look. */
  readonly usual: readonly ToolService[]
}

const at = (namespace: string, name: string, port: number): ToolService => ({ namespace, name, scheme: 'http', port })

const rules: Readonly<Record<ToolName, Rule>> = {
  kiali: {
    apps: ['kiali'],
    ports: [20001],
    portNames: ['http-kiali', 'tcp-kiali'],
    paths: ['kiali/', ''],
    usual: [at('istio-system', 'kiali', 20001)],
  },
  jaeger: {
    apps: ['jaeger'],
    ports: [16686],
    portNames: ['http-query', 'query'],
    paths: ['', 'jaeger/'],
    usual: [at('istio-system', 'tracing', 16686), at('istio-system', 'tracing', 80)],
  },
  grafana: {
    apps: ['grafana'],
    ports: [3000, 80, 443],
    portNames: ['service', 'http-web', 'nginx-http', 'http'],
    paths: [''],
    usual: [at('cattle-monitoring-system', 'rancher-monitoring-grafana', 80), at('istio-system', 'grafana', 3000)],
  },
  prometheus: {
    apps: ['prometheus', 'rancher-monitoring-prometheus', 'kube-prometheus-stack-prometheus'],
    ports: [9090],
    portNames: ['http-web', 'web', 'nginx-http', 'http'],
    paths: [''],
    usual: [
      at('cattle-monitoring-system', 'rancher-monitoring-prometheus', 9090),
      at('istio-system', 'prometheus', 9090),
    ],
  },
}

/**
 * Where a Service that claims to be a tool is believed. A label is anybody's to write: a page opened through the API server's service
 * proxy runs with the viewer's own session there, so a team's Service called `kiali` must not be what an owner's click opens.
 */
export const trustedNamespaces: readonly string[] = ['istio-system', 'cattle-monitoring-system']

/** What a list of Services is asked with, one list each: their union holds every tool. */
export const toolSelectors: readonly string[] = [
  `app in (${toolNames.flatMap((tool) => rules[tool].apps).join(',')})`,
  `app.kubernetes.io/name in (${toolNames.join(',')})`,
]

/** Where a tool's pages may begin below its port, the likeliest first. */
export function pathsOf(tool: ToolName): readonly string[] {
  return rules[tool].paths
}

/** Where the usual charts put a tool. */
export function usualPlaces(tool: ToolName): readonly ToolService[] {
  return rules[tool].usual
}

export interface FoundTool {
  /** Those in trusted namespaces, in the order of the namespaces and then of their names. */
  readonly trusted: readonly ToolService[]
  /** Those anywhere else: told to owners, linked by nobody. */
  readonly elsewhere: readonly ToolService[]
}

/** Which of some Services serve a tool's pages. A Service without the tool's port (a collector, an agent) does not. */
export function toolAmong(tool: ToolName, services: readonly ListedService[], trusted: readonly string[]): FoundTool {
  const { apps } = rules[tool]
  const found = services
    .filter(({ labels }) => apps.includes(labels['app'] ?? '') || labels['app.kubernetes.io/name'] === tool)
    // Several teams' own stacks of Prometheus Federator carry the same labels as the cluster's.
    .filter(({ namespace }) => projectOfStack(namespace) === undefined)
    .flatMap((service) => serviceOf(tool, service) ?? [])
    .sort((one, other) => rank(one, trusted) - rank(other, trusted) || order(one, other))
  const unique = found.filter((each, index) => found.findIndex((other) => isSame(each, other)) === index)
  return {
    trusted: unique.filter(({ namespace }) => trusted.includes(namespace)),
    elsewhere: unique.filter(({ namespace }) => !trusted.includes(namespace)),
  }
}

/**
 * The stack that Rancher's Prometheus Federator gives a project, of a project's id with or without its cluster; undefined for the tools
 * it has none of. Whoever may open it sees the project's namespaces there and no others.
 */
export function projectStack(tool: ToolName, project: string): ToolService | undefined {
  const id = project.slice(project.indexOf(':') + 1)
  if (!/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(id)) return undefined
  const namespace = `cattle-project-${id}-monitoring`
  if (tool === 'grafana') return at(namespace, `${namespace}-grafana`, 80)
  if (tool === 'prometheus') return at(namespace, `${namespace}-prometheus`, 9090)
  return undefined
}

/** The id of the project whose stack lives in a namespace. */
export function projectOfStack(namespace: string): string | undefined {
  return /^cattle-project-(.+)-monitoring$/.exec(namespace)?.[1]
}

/**
 * The name of a Service's port as the service proxy's path and RBAC's `resourceNames` have it: `http:kiali:20001`. The same Service under
 * another spelling is another name to RBAC.
 */
export function proxyName({ scheme, name, port }: ToolService): string {
  return `${scheme}:${name}:${port}`
}

/** The service proxy's path below an API server's root, ending in a slash: `api/v1/namespaces/istio-system/services/http:kiali:20001/proxy/`. */
export function proxyPath(service: ToolService): string {
  return `api/v1/namespaces/${service.namespace}/services/${proxyName(service)}/proxy/`
}

/** The line that brings a Service's port to one's own machine, and the address it is then at. */
export function forwardOf(service: ToolService): { readonly command: string; readonly address: string } {
  const { port } = service
  const local = typeof port === 'string' ? 8080 : port < 1024 ? port + 8000 : port
  return {
    command: `kubectl port-forward --namespace ${shellWord(service.namespace)} ${shellWord(`service/${service.name}`)} ${shellWord(`${local}:${port}`)}`,
    address: `${service.scheme}://127.0.0.1:${local}/${service.path ?? ''}`,
  }
}

/**
 * The root of the API server as the browser reaches it, where the page itself came through a service proxy:
 * `https://rancher.example.org/k8s/clusters/c-abc/`. Undefined for any other page.
 */
export function apiRootOfPage(pageUrl: string): string | undefined {
  const match =
    /^(https?:\/\/[^/?#]+(?:\/[^?#]*?)?)\/api\/v1\/namespaces\/[^/?#]+\/services\/[^/?#]+\/proxy(?:[/?#]|$)/.exec(
      pageUrl,
    )
  return match?.[1] === undefined ? undefined : `${match[1]}/`
}

/** Whether an API server's root is Rancher's, which a browser that is logged in to Rancher may open. */
export function isRancherRoot(url: string): boolean {
  return /^https?:\/\/[^/?#]+(\/[^?#]*)?\/k8s\/clusters\/[^/?#]+\/?$/.test(url)
}

/** What is wrong with a tool's address, as the end of "it ..."; undefined for one that can be linked and probed. */
export function addressProblem(text: string): string | undefined {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return `is a ${scheme}: URL, not http or https`
  const parts = /^https?:\/\/([^/?#\s]+)([^?#\s]*)([?#]\S*)?$/i.exec(text)
  if (parts === null) return 'is not an absolute http:// or https:// URL'
  const [, host = '', path = '', rest] = parts
  if (host.includes('@')) return 'holds a user name or a password'
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9]([-a-z0-9.]*[a-z0-9])?)(:[0-9]{1,5})?$/i.test(host))
    return 'has no host that can be read'
  if (/[\\"'<>`{}|^]/.test(path)) return 'holds characters that no path has'
  if (rest !== undefined) return 'may hold a path, but neither ? nor #'
  return undefined
}

function serviceOf(tool: ToolName, { namespace, name, ports }: ListedService): ToolService | undefined {
  const { ports: numbers, portNames } = rules[tool]
  const port =
    numbers.flatMap((number) => ports.find((each) => each.port === number || each.targetPort === number) ?? [])[0] ??
    portNames.flatMap((wanted) => ports.find((each) => each.name === wanted) ?? [])[0]
  if (port === undefined) return undefined
  const isTls = port.port === 443 || /^https/.test(port.name ?? '')
  return { namespace, name, scheme: isTls ? 'https' : 'http', port: port.port }
}

function rank({ namespace }: ToolService, trusted: readonly string[]): number {
  const index = trusted.indexOf(namespace)
  return index === -1 ? trusted.length : index
}

function order(one: ToolService, other: ToolService): number {
  const [left, right] = [`${one.namespace}/${one.name}`, `${other.namespace}/${other.name}`]
  return left < right ? -1 : left > right ? 1 : 0
}

function isSame(one: ToolService, other: ToolService): boolean {
  return one.namespace === other.namespace && one.name === other.name && one.port === other.port
}
