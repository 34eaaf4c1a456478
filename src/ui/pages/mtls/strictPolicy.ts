/**
 * A command to paste that makes a namespace STRICT: https://istio.io/latest/docs/reference/config/security/peer_authentication/
 * The name comes from telemetry: as a quoted word of one line it can neither end the text nor be read as YAML.
 */
export function strictPolicy(namespace: string): string {
  return `kubectl apply -f - <<'EOF'
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: ${JSON.stringify(namespace)} }
spec: { mtls: { mode: STRICT } }
EOF`
}
