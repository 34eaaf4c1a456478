import { z } from 'zod'

// The page's Content-Security-Policy forbids code made of texts, which zod would try, to be faster, when a schema is made. It falls back,
// but the browser reports the attempt. So this comes before every schema.
z.config({ jitless: true })
