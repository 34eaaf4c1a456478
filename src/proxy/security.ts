import type { MiddlewareHandler } from 'hono'

/**
 * Headers on every answer. Framing is decided by `frame-ancestors` alone: X-Frame-Options knows no list, and DENY would keep the
 * console that embeds us out. https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
export function securityHeaders(frameAncestors: readonly string[]): MiddlewareHandler {
  const policy = contentSecurityPolicy(frameAncestors)
  return async (context, next) => {
    await next()
    context.res.headers.set('content-security-policy', policy)
    context.res.headers.set('x-content-type-options', 'nosniff')
    context.res.headers.set('referrer-policy', 'same-origin')
    context.res.headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
    context.res.headers.set('cross-origin-opener-policy', 'same-origin')
    context.res.headers.set('cross-origin-resource-policy', 'same-origin')
  }
}

/** The policy of the contracts page, "Assets under any prefix". */
export function contentSecurityPolicy(frameAncestors: readonly string[]): string {
  return [
    `default-src 'self'`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `worker-src 'self' blob:`,
    `frame-ancestors ${frameAncestors.join(' ')}`,
    `base-uri 'self'`,
    `object-src 'none'`,
  ].join('; ')
}
