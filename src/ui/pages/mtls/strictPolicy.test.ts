import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { strictPolicy } from './strictPolicy.ts'

test.each(['shop', 'a\nEOF\ntouch /tmp/owned\ncat <<EOF', '$(id)', "x' }\nspec: {", 'on', '"'])(
  'a namespace called %j is one word of the manifest, whatever a shell makes of the text',
  (namespace) => {
    // What kubectl would be given: the shell's own reading of the text.
    const manifest = execFileSync('/bin/sh', ['-c', strictPolicy(namespace).replace('kubectl apply -f -', 'cat')])
    expect(parse(manifest.toString())).toEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace },
      spec: { mtls: { mode: 'STRICT' } },
    })
  },
)
