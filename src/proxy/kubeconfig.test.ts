import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAccess } from './kubeconfig.ts'
import type { Access } from './kubeconfig.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meshboard-kubeconfig-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Access by a kubeconfig with these YAML flow maps as its cluster and its user. */
async function access({
  cluster = '{server: "https://api:6443/"}',
  user = '{}',
  context,
}: {
  cluster?: string
  user?: string
  context?: string
}): Promise<Access> {
  const file = join(folder, 'config')
  const text = `current-context: one\ncontexts: [{name: one, context: {cluster: c, user: u}}, {name: two, context: {cluster: d, user: u}}]\nclusters: [{name: c, cluster: ${cluster}}, {name: d, cluster: {server: "http://other"}}]\nusers: [{name: u, user: ${user}}]\n`
  await writeFile(file, text)
  return readAccess(file, context, { PATH: process.env['PATH'], WHO: 'tester' })
}
const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('a kubeconfig gives', () => {
  it('the server of the current context, or of the one that is named', async () => {
    expect(await access({})).toEqual({ server: 'https://api:6443', headers: {}, tls: {} })
    expect((await access({ context: 'two' })).server).toBe('http://other')
  })

  it.each([
    ['a token', '{token: abc}', 'Bearer abc'],
    ['a name and a password', '{username: me, password: pw}', `Basic ${base64('me:pw')}`],
    ['a token file beside it', '{tokenFile: token.txt, token: ignored}', 'Bearer from-file'],
  ])('%s', async (_name, user, authorization) => {
    await writeFile(join(folder, 'token.txt'), 'from-file\n')
    expect((await access({ user })).headers).toEqual({ authorization })
  })

  it('certificates, inline or from files', async () => {
    await writeFile(join(folder, 'ca.pem'), 'CA')
    const { tls } = await access({
      cluster: '{server: "https://api", certificate-authority: ca.pem, tls-server-name: kube}',
      user: `{client-certificate-data: ${base64('CERT')}, client-key-data: ${base64('KEY')}}`,
    })
    expect(tls).toEqual({ ca: 'CA', cert: 'CERT', key: 'KEY', servername: 'kube' })
  })

  it('what an exec plugin answers', async () => {
    const script =
      'const i=JSON.parse(process.env.KUBERNETES_EXEC_INFO);console.log(JSON.stringify({status:{token:[process.env.WHO,process.env.EXTRA,i.apiVersion].join(" ")}}))'
    const user = `{exec: {apiVersion: client.authentication.k8s.io/v1, command: "${process.execPath}", args: ["-e", ${JSON.stringify(script)}], env: [{name: EXTRA, value: x}]}}`
    expect((await access({ user })).headers).toEqual({
      authorization: 'Bearer tester x client.authentication.k8s.io/v1',
    })
  })
})

describe('says what is wrong', () => {
  it.each([
    ['an unknown context', { context: 'three' }, /no context "three"; it has one, two/],
    ['no server', { cluster: '{}' }, /cluster "c" has no server address/],
    ['a proxy', { cluster: '{server: "https://a", proxy-url: "socks5://p"}' }, /proxy-url that is not supported/],
    ['a legacy plugin', { user: '{auth-provider: {name: gcp}}' }, /auth-provider/],
    ['a missing file', { user: '{tokenFile: nowhere}' }, /tokenFile .*nowhere cannot be read/],
    [
      'a failing plugin',
      { user: `{exec: {command: "${process.execPath}", args: ["-e", "process.exit(3)"]}}` },
      /exec plugin .* failed/,
    ],
  ])('%s', async (_name, given, message) => {
    await expect(access(given)).rejects.toThrow(message)
  })

  it('a file that is missing, or is no YAML', async () => {
    await expect(readAccess(join(folder, 'none'), undefined, {})).rejects.toThrow(/none cannot be read/)
    await writeFile(join(folder, 'bad'), '{[')
    await expect(readAccess(join(folder, 'bad'), undefined, {})).rejects.toThrow(/is not YAML/)
    await writeFile(join(folder, 'empty'), 'text')
    await expect(readAccess(join(folder, 'empty'), undefined, {})).rejects.toThrow(/holds no configuration/)
  })
})
