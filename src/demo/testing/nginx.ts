import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { obtainDebian } from './debian.ts'

export interface Nginx {
  readonly url: string
  readonly stop: () => Promise<void>
}

/**
 * An nginx on loopback that hands requests to the upstreams in turn, and past one that is gone to the next; its answers say in
 * `x-upstream` who answered. Rejects with its own words when it does not come up, and with a reason where there is none.
 */
export async function startNginx(upstreams: readonly URL[]): Promise<Nginx> {
  const binary = await obtainDebian({ package: 'nginx', path: ['usr', 'sbin', 'nginx'] })
  if ('problem' in binary) throw new Error(`${binary.problem}; put nginx on the PATH`)
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-nginx-'))
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  await Promise.all(temporary.map((name) => mkdir(join(folder, name))))
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off;
${process.getuid?.() === 0 ? 'user root root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  upstream replicas {
    ${upstreams.map(({ host }) => `server ${host};`).join('\n    ')}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://replicas;
      proxy_set_header Host $http_host;
      add_header x-upstream $upstream_addr always;
    }
  }
}
`,
  )
  const child = spawn(binary.path, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-2000)))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; attempt < 600 && child.exitCode === null; attempt++) {
    const isReady = await listens(port)
    if (isReady) return { url, stop }
    await sleep(100)
  }
  await stop()
  throw new Error(`nginx did not come up: ${words}`)
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
