import type { RateLimits } from "../http/rateLimit.ts";

/**
 * How fast Graph is asked. No limit is published for Autopilot; the nearest one, "device enrollment", allows an
 * application 100 writes in 20 seconds ("Microsoft Graph service-specific throttling limits", Intune). Three and a third
 * a second, ten seconds' worth of them at once, is just what keeps any 20 seconds below that.
 */
export const GRAPH_RATE_LIMITS: RateLimits = { requestsPerSecond: { write: 10 / 3 }, maxInFlight: 8 };
