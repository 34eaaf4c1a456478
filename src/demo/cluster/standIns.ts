/** A page or answer of a tool's stand-in. */
export interface StandInAnswer {
  readonly status: number
  readonly type: 'text/html; charset=utf-8' | 'application/json'
  readonly body: string
}

/** What answers behind a Service of the demo cluster in a tool's place; undefined where no pod of it is ready. */
type StandIn = (path: string, query: string) => StandInAnswer

/** By `namespace/service:port`. Jaeger's Service is there and has no pod: what "down" looks like. */
const standIns: Readonly<Record<string, StandIn>> = {
  'istio-system/kiali:20001': (path, query) => {
    // Kiali says before any login how it wants to be logged in to.
    if (path === 'kiali/api/auth/info')
      return { status: 200, type: 'application/json', body: '{"strategy":"token","sessionInfo":{}}' }
    if (!path.startsWith('kiali')) return { status: 404, type: 'text/html; charset=utf-8', body: '' }
    return page('Kiali', path, query)
  },
}

/** The stand-in behind a Service's port. */
export function standInAt(namespace: string, service: string, port: number): StandIn | undefined {
  const key = `${namespace}/${service}:${port}`
  return Object.hasOwn(standIns, key) ? standIns[key] : undefined
}

function page(tool: string, path: string, query: string): StandInAnswer {
  const words = [...new URLSearchParams(query)]
    .map(([name, value]) => `<li>${text(name)} = ${text(value)}</li>`)
    .join('')
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in for ${tool}</title>
<style>body{font:16px/1.5 sans-serif;max-width:44rem;margin:4rem auto;padding:0 1rem}code{overflow-wrap:anywhere}</style>
<h1>Stand-in for ${tool}</h1>
<p>This is Meshboard's demo: ${tool} itself does not run here. In a real cluster ${tool} would now show</p>
<p><code>/${text(path)}</code></p><ul>${words}</ul></html>`,
  }
}

function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
