import type { Severity } from '../../../mesh/checks/codes.ts'
import type { ConfigState } from '../../../mesh/checks/listed.ts'
import type { ColumnName } from './words.ts'

/** What the pages of Istio's configuration say. */
export const strings = {
  title: 'Istio Config',
  states: {
    error: 'Error',
    warning: 'Warning',
    info: 'Note',
    sound: 'No findings',
    unchecked: 'Not checked',
  } satisfies Record<ConfigState, string>,
  uncheckedWhy: 'No check looks at objects of this kind.',
  columns: {
    state: 'State',
    kind: 'Kind',
    name: 'Name',
    namespace: 'Namespace',
    hosts: 'Hosts',
    why: 'Worst finding',
    age: 'Age',
  } satisfies Record<ColumnName, string>,
  shown: (shown: number, all: number) => (shown === all ? `${all}` : `${shown} of ${all}`),
  toolbar: 'Filters of the list',
  filter: 'Name, namespace or host',
  clear: 'Clear the filters',
  checks: 'What is checked',
  moreHosts: (shown: string, more: number) => `${shown} and ${more} more`,
  findings: (count: number) => (count === 1 ? '1 finding' : `${count} findings`),
  notRead: (what: string) =>
    `Not everything could be read: ${what}. The checks call nothing missing that may be there.`,
  notReadKind: (kind: string, status: number, namespaces: readonly string[]) =>
    `${kind}${namespaces.length === 0 ? '' : ` in ${namespaces.join(', ')}`} (${status === 403 ? 'not allowed' : `HTTP ${status}`})`,
  ownOnly: (count: number) =>
    `Read in the ${count === 1 ? 'one namespace' : `${count} namespaces`} you may see. Nothing elsewhere is called missing.`,
  unreadable: (what: readonly string[]) => `Could not be read and is not listed: ${what.join('; ')}.`,
  unnamed: (kind: string, count: number) => `${count} of ${kind} without a name`,
  stale: (cause: string) => `The objects could not be read again: ${cause}`,
  nothing: {
    title: 'No Istio objects here',
    text: 'The cluster knows Istio’s kinds, and there is no object of them in the scope.',
    filteredTitle: 'Nothing passes the filters',
    filteredText: (all: number) => `${all} objects are hidden by the filters.`,
    notServedTitle: 'The cluster does not know Istio’s kinds',
    notServedText: 'Neither Istio’s nor the Gateway API’s resource definitions are installed.',
    forbiddenTitle: 'You may not read Istio’s objects',
    forbiddenText:
      'The cluster refused every list. Ask its owner for a role that may list and get networking.istio.io, security.istio.io, telemetry.istio.io and gateway.networking.k8s.io.',
  },
  noObject: {
    title: 'No such object',
    text: (kind: string, name: string, namespace: string) =>
      `There is no ${kind} named ${name} in ${namespace}, or you may not see it.`,
    back: 'All Istio objects',
  },
  object: {
    created: (age: string) => `created ${age} ago`,
    findings: 'Findings',
    none: 'The checks found nothing.',
    whatWasRead: 'What was not read was not checked.',
    cause: 'Why it matters',
    cure: 'What to do',
    where: 'Where',
    others: 'Also part of it',
    source: 'Documentation',
    aboutCode: (code: string) => `About ${code}`,
    refersTo: 'Refers to',
    referredBy: 'Referred to by',
    refersToNothing: 'Nothing that is named here.',
    referredByNothing: 'Nothing that you may see.',
    missing: 'does not exist',
    unread: 'not visible to you',
    noSubset: 'which does not have it',
    it: 'it',
    more: (count: number) => `and ${count} more`,
    yaml: 'YAML',
    copyYaml: 'Copy YAML',
    loadingYaml: 'Loading the YAML',
    readOnly: 'Read-only. Change it where your configuration lives.',
    hosts: 'Hosts',
  },
  traffic: {
    title: 'Traffic it matches now',
    none: (window: string) => `No call to what it is about was counted in the last ${window}.`,
    nothing: 'It names nothing that traffic can be told of.',
    everywhere: 'It is about every namespace: see the Overview.',
    loading: 'Counting the traffic',
    failed: (cause: string) => `The traffic could not be counted: ${cause}`,
    target: 'To',
    through: (name: string) => `through ${name}`,
    requests: 'Requests',
    errors: 'Errors',
    tcp: 'TCP',
    versions: 'Versions',
    counted: (window: string) =>
      `Over the last ${window}; which of its routes took a request, no standard metric tells.`,
    more: (count: number) => `and ${count} more`,
  },
  checksPage: {
    title: 'Checks of Istio objects',
    intro: 'Every check has a code that keeps its meaning. What is wrong, what Istio does about it, and the cure.',
    groups: {
      '1': 'Routes',
      '2': 'Destination rules',
      '3': 'Gateways',
      '4': 'Services',
      '5': 'Security',
      '6': 'The edge of the mesh',
      '9': 'Use',
    } as Readonly<Record<string, string>>,
  },
} as const

/** The mark that stands for a state: health's shapes, whose words are given beside them. */
export const markOf = {
  error: 'failing',
  warning: 'degraded',
  info: 'idle',
  sound: 'healthy',
  unchecked: 'unknown',
} as const satisfies Record<ConfigState | Severity, string>
